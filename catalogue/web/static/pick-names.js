// Names from a long list: offered while one types, chosen by arrows and Enter or by pointer, kept as chips.
// (ARIA Authoring Practices, combobox with a list of suggestions.)

const PAUSE = 150; // ms after a key

// `term` (see new-term.js) adds a name that is not there, where the list can be added to.
export function pickers(form, changed, term) {
  form.querySelectorAll("[data-picker]").forEach((field) => new Picker(form, field, changed, term));
}

class Picker {
  constructor(form, field, changed, term) {
    Object.assign(this, { form, field, changed, term, found: [], active: -1, timer: 0, asked: 0 });
    this.input = field.querySelector(".pick-row input");
    this.list = document.createElement("ul");
    this.list.className = "offered";
    this.list.id = this.input.id + "-offered";
    this.list.role = "listbox";
    this.list.hidden = true;
    field.append(this.list);
    const label = field.querySelector("label");
    label.id ||= this.input.id + "-label";
    this.list.setAttribute("aria-labelledby", label.id);
    this.input.role = "combobox";
    this.input.setAttribute("aria-autocomplete", "list");
    this.input.setAttribute("aria-controls", this.list.id);
    this.input.setAttribute("aria-expanded", "false");
    this.input.addEventListener("input", () => this.ask());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => this.close());
    this.list.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
    this.list.addEventListener("click", (event) => {
      const index = [...this.list.querySelectorAll("[id]")].indexOf(event.target.closest("[role=option]"));
      if (index >= 0) this.choose(this.found[index]);
    });
    field.addEventListener("click", (event) => {
      const button = event.target.closest(".chip button");
      if (button) this.remove(event, button.closest(".chip"));
    });
  }

  ask() {
    clearTimeout(this.timer);
    const text = this.input.value.trim();
    if (!text) return this.close();
    this.timer = setTimeout(() => this.fetch(text), PAUSE);
  }

  async fetch(text) {
    const turn = ++this.asked;
    const query = new URLSearchParams({ vocabulary: this.field.dataset.vocabulary, q: text });
    try {
      const answer = await fetch(`${this.form.dataset.terms}?${query}`);
      if (!answer.ok || answer.redirected) return;
      const found = await answer.json();
      if (turn === this.asked && document.activeElement === this.input) this.show(found);
    } catch {
      this.close(); // the name is looked up when the form is sent
    }
  }

  show(found) {
    const text = this.input.value.trim();
    const isNew = "words" in this.field.dataset && !found.some((one) => one.same);
    this.found = isNew ? [...found, { isNew, label: this.form.dataset.new.replace("{name}", () => text) }] : found;
    this.active = found.length ? 0 : -1; // to add is never what Enter does by itself
    const options = this.found.map((one, index) => this.option(one, index));
    this.list.replaceChildren(...(found.length ? [] : [this.none()]), ...options);
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.mark();
  }

  option(one, index) {
    const item = document.createElement("li");
    item.role = "option";
    item.id = `${this.list.id}-${index}`;
    item.textContent = one.label;
    if (one.isNew) item.className = "add-new";
    return item;
  }

  none() {
    const item = document.createElement("li");
    item.className = "none";
    item.role = "option";
    item.setAttribute("aria-disabled", "true");
    item.textContent = this.form.dataset.none;
    return item;
  }

  mark() {
    const options = this.list.querySelectorAll("[id]");
    options.forEach((item, index) => item.setAttribute("aria-selected", String(index === this.active)));
    if (this.active < 0) this.input.removeAttribute("aria-activedescendant");
    else this.input.setAttribute("aria-activedescendant", `${this.list.id}-${this.active}`);
  }

  key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const isOpen = !this.list.hidden && this.found.length > 0;
    if (isOpen && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      const step = event.key === "ArrowDown" ? 1 : -1;
      const from = this.active < 0 && step < 0 ? 0 : this.active;
      this.active = (from + step + this.found.length) % this.found.length;
      this.mark();
    } else if (event.key === "Enter" && this.input.value.trim()) {
      if (isOpen && this.active >= 0) this.choose(this.found[this.active]);
    } else if (event.key === "Escape" && !this.list.hidden) {
      this.close();
    } else return;
    event.preventDefault();
  }

  choose(one) {
    if (one.isNew) {
      const text = this.input.value.trim();
      this.close();
      return this.term.open(this.field, text, (added) => {
        this.choose(added);
        this.input.focus();
      });
    }
    const picked = this.field.querySelector(".picked");
    const taken = [...picked.querySelectorAll("input")].some((input) => input.value === one.id);
    if (!("many" in this.field.dataset)) picked.replaceChildren();
    if (!taken || !("many" in this.field.dataset)) picked.append(this.chip(one));
    this.input.value = "";
    this.close();
    this.changed();
  }

  chip(one) {
    const chip = document.createElement("span");
    chip.className = "chip";
    const input = Object.assign(document.createElement("input"), { type: "hidden", value: one.id });
    input.name = this.field.dataset.picker;
    const label = Object.assign(document.createElement("span"), { textContent: one.label });
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: "×" });
    button.setAttribute("aria-label", this.form.dataset.remove.replace("{name}", () => one.label));
    chip.append(input, label, button);
    return chip;
  }

  remove(event, chip) {
    event.preventDefault();
    chip.remove();
    this.input.focus();
    this.changed();
  }

  close() {
    clearTimeout(this.timer);
    this.asked++;
    this.found = [];
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}
