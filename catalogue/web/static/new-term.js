// Adds an entry to a list of words from the record form: its name in French and Dutch, saved by the page of words.
// What the list has already and is called nearly so is offered first.

const PAUSE = 250; // ms after a key
const CALLED_ALIKE = ["publishers", "series"]; // most bodies and series have one name in both languages

export class NewTerm {
  constructor(form) {
    this.form = form;
    this.dialog = document.getElementById("new-term");
    this.inside = this.dialog.querySelector("form");
    this.alike = this.dialog.querySelector(".alike");
    this.inside.addEventListener("submit", (event) => {
      event.preventDefault();
      this.add();
    });
    this.inside.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.look(), PAUSE);
    });
    this.dialog.querySelector("[value=cancel]").addEventListener("click", () => this.dialog.close());
    this.alike.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button) this.end({ id: button.value, label: button.textContent });
    });
  }

  // `list`: the element that `list_marks` wrote; `chosen` gets {id, label}.
  open(list, text, chosen) {
    Object.assign(this, { list, chosen });
    this.inside.reset();
    this.wrong({});
    const title = this.dialog.dataset.title.replace("{name}", () => list.dataset.label);
    document.getElementById("new-term-title").textContent = title;
    this.dialog.querySelector("[data-address]").hidden = list.dataset.vocabulary !== "publishers";
    const lang = document.documentElement.lang;
    const filled = CALLED_ALIKE.includes(list.dataset.vocabulary) ? ["fr", "nl"] : [lang];
    for (const code of filled) if (this.box(`labels.${code}`)) this.box(`labels.${code}`).value = text;
    this.offer([]);
    this.dialog.showModal();
    const empty = ["fr", "nl"].find((code) => !this.box(`labels.${code}`).value) ?? lang;
    (this.box(`labels.${empty}`) ?? this.box("labels.fr")).focus();
    this.look();
  }

  box(name) {
    return this.inside.elements[name];
  }

  async look() {
    const names = ["labels.fr", "labels.nl"].map((name) => this.box(name).value.trim()).filter(Boolean);
    const turn = (this.turn = (this.turn ?? 0) + 1);
    try {
      const answers = await Promise.all([...new Set(names)].map((name) => this.terms(name)));
      const found = new Map(answers.flat().map((one) => [one.id, one]));
      if (turn === this.turn) this.offer([...found.values()].sort((a, b) => b.same - a.same).slice(0, 5));
    } catch {
      this.offer([]); // nothing to offer: the entry can be added all the same
    }
  }

  async terms(q) {
    const query = new URLSearchParams({ vocabulary: this.list.dataset.vocabulary, q });
    const answer = await fetch(`${this.form.dataset.terms}?${query}`);
    return answer.ok && !answer.redirected ? answer.json() : [];
  }

  offer(found) {
    this.alike.hidden = !found.length;
    const items = found.map(({ id, label }) => {
      const item = document.createElement("li");
      item.append(Object.assign(document.createElement("button"), { type: "button", value: id, textContent: label }));
      return item;
    });
    this.alike.querySelector("ul").replaceChildren(...items);
  }

  async add() {
    if (this.isSaving) return; // Enter twice adds once
    this.saving(true);
    await this.send();
    this.saving(false);
  }

  saving(isSaving) {
    this.isSaving = isSaving;
    this.dialog.querySelector("[data-said]").textContent = isSaving ? this.dialog.dataset.saving : "";
  }

  async send() {
    const headers = { Accept: "application/json" };
    const body = new URLSearchParams(new FormData(this.inside));
    if (this.dialog.querySelector("[data-address]").hidden) body.delete("url");
    try {
      const answer = await fetch(this.list.dataset.words, { method: "POST", headers, body });
      if (answer.redirected || answer.status === 401) return this.wrong({ "": this.dialog.dataset.signedOut });
      const said = await answer.json();
      if (answer.status === 201) this.end(said);
      else this.wrong(said.problems ?? { "": said.error?.message ?? this.dialog.dataset.failed });
    } catch {
      this.wrong({ "": this.dialog.dataset.failed });
    }
  }

  end(one) {
    this.dialog.close();
    this.chosen(one);
  }

  // Puts each sentence beside its box; those of no box above all, where nothing else is wrong: they follow from the rest.
  wrong(problems) {
    const boxes = ["labels.fr", "labels.nl", "url"];
    for (const name of boxes) {
      const text = problems[name] ?? "";
      const place = document.getElementById(this.box(name).getAttribute("aria-describedby"));
      place.textContent = text;
      place.hidden = !text;
      if (text) this.box(name).setAttribute("aria-invalid", "true");
      else this.box(name).removeAttribute("aria-invalid");
    }
    const others = Object.entries(problems).filter(([name]) => !boxes.includes(name));
    const above = this.dialog.querySelector("[data-problem]");
    const first = boxes.find((name) => problems[name]);
    above.textContent = first ? "" : others.map(([, text]) => text).join(" ");
    above.hidden = Boolean(first) || !others.length;
    if (first) this.box(first).focus();
  }
}

// Lists that are shown as a whole: what is added there is ticked, or chosen.
export function extendLists(form, term, changed) {
  for (const button of form.querySelectorAll(".add-term")) {
    const list = button.closest("[data-extend]");
    button.addEventListener("click", (event) => {
      event.preventDefault();
      term.open(list, button.dataset.text, (one) => {
        (list.querySelector("select") ? select : tick)(list, one);
        changed();
      });
    });
  }
}

function select(list, { id, label }) {
  const field = list.querySelector("select");
  if (![...field.options].some((option) => option.value === id)) field.add(new Option(label, id));
  field.value = id;
  field.focus();
}

function tick(list, { id, label }) {
  let box = [...list.querySelectorAll("[type=checkbox]")].find((one) => one.value === id);
  if (!box) {
    box = Object.assign(document.createElement("input"), { type: "checkbox", name: list.dataset.extend, value: id });
    const line = document.createElement("label");
    line.append(box, Object.assign(document.createElement("span"), { textContent: label }));
    list.querySelector(".check-list").append(line);
  }
  box.checked = true;
  box.focus();
}
