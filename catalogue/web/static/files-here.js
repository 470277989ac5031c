// A dialog with the centre's files that fit a field, the newest first; a part of a name finds the others.

const PAUSE = 150; // ms after a key

export class Chooser {
  constructor(address) {
    this.address = address;
    this.dialog = document.getElementById("files-here");
    this.query = this.dialog.querySelector("[type=search]");
    this.list = this.dialog.querySelector("ul");
    this.said = this.dialog.querySelector("[data-said]");
    this.asked = 0;
    this.query.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.fetch(), PAUSE);
    });
    this.dialog.querySelector("form").addEventListener("submit", (event) => event.preventDefault()); // Enter in the box
    this.dialog.querySelector("[value=cancel]").addEventListener("click", () => this.dialog.close());
    this.list.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      this.dialog.close();
      this.chosen(button.value);
    });
  }

  // `chosen` gets the path of the file.
  open(field, chosen) {
    Object.assign(this, { field, chosen });
    this.query.value = "";
    this.list.replaceChildren();
    this.said.textContent = "";
    this.dialog.showModal();
    this.query.focus();
    this.fetch();
  }

  async fetch() {
    const turn = ++this.asked;
    const query = new URLSearchParams({ field: this.field, q: this.query.value.trim() });
    try {
      const answer = await fetch(`${this.address}choose?${query}`, { headers: { Accept: "application/json" } });
      const { files, total } = await answer.json();
      if (turn === this.asked) this.show(files, total);
    } catch {
      if (turn === this.asked) this.said.textContent = document.getElementById("file-words").dataset.broken;
    }
  }

  show(files, total) {
    this.list.replaceChildren(...files.map((file) => this.offer(file)));
    const more = total - files.length;
    const { none, more: others } = this.dialog.dataset;
    this.said.textContent = !total ? none : more ? others.replace("{count}", more) : "";
  }

  offer({ file, name, label, size }) {
    const button = Object.assign(document.createElement("button"), { type: "button", value: file });
    const called = Object.assign(document.createElement("span"), { className: "file-name", textContent: name });
    const about = Object.assign(document.createElement("span"), { className: "small", textContent: `${label}, ${size}` });
    button.append(called, " ", about);
    const item = document.createElement("li");
    item.append(button);
    return item;
  }
}
