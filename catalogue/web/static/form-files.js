// The files of a record: sent from beside their field, dropped on it, or chosen among those that are here.

import { send, wrongWith } from "./sending.js";
import { Chooser } from "./files-here.js";

const words = document.getElementById("file-words").dataset;
const OF_PART = { captions: [".vtt", ".srt"], transcript: [".txt"], cover: [".jpg", ".jpeg", ".png", ".webp"] };

// `changed`: what to call when a field was filled.
export function files(form, changed) {
  const chooser = new Chooser(words.files);
  const ways = [...form.querySelectorAll("[data-file]")].map((element) => new Ways(form, element, changed, chooser));
  form.addEventListener("submit", (event) => {
    const busy = ways.find((one) => one.isBusy);
    if (!busy) return;
    event.preventDefault();
    event.stopImmediatePropagation(); // nothing is saved without the file that is on its way
    busy.refuse(words.wait);
  });
}

class Ways {
  constructor(form, element, changed, chooser) {
    Object.assign(this, { form, element, changed, chooser, name: element.dataset.file, isBusy: false });
    this.field = form.elements[this.name];
    this.problem = element.querySelector(".wrong");
    this.progress = element.querySelector(".progress");
    this.button = element.querySelector(".file-add");
    const [first, ...parts] = this.name.split(".");
    this.endings = OF_PART[[first, ...parts].find((part) => part in OF_PART)] ?? this.documents();
    this.input = Object.assign(document.createElement("input"), { type: "file", hidden: true });
    this.input.accept = this.endings.join(",");
    element.append(this.input);
    this.button.addEventListener("click", (event) => {
      event.preventDefault();
      this.input.click();
    });
    this.input.addEventListener("change", () => this.take(this.input.files[0]));
    element.querySelector(".file-choose").addEventListener("click", (event) => {
      event.preventDefault();
      chooser.open(this.name, (path) => this.put(path, path.split("/").pop()));
    });
    this.drops(element.closest(".field"));
  }

  documents() {
    return Object.keys(JSON.parse(words.most)).filter((ending) => !OF_PART.captions.includes(ending));
  }

  drops(place) {
    for (const kind of ["dragenter", "dragover"])
      place.addEventListener(kind, (event) => {
        if (![...event.dataTransfer.types].includes("Files")) return;
        event.preventDefault();
        place.classList.add("is-over");
      });
    place.addEventListener("dragleave", (event) => {
      if (!place.contains(event.relatedTarget)) place.classList.remove("is-over");
    });
    place.addEventListener("drop", (event) => {
      place.classList.remove("is-over");
      if (!event.dataTransfer.files.length) return;
      event.preventDefault();
      this.take(event.dataTransfer.files[0]);
    });
  }

  async take(file) {
    if (!file || this.isBusy) return;
    const wrong = wrongWith(file, words, this.endings);
    if (wrong) return this.refuse(wrong);
    this.refuse("");
    this.isBusy = true;
    const body = new FormData();
    body.append("title", this.title());
    body.append("file", file);
    try {
      const answer = await send(words.files, body, words, (far) => this.say(far));
      this.isBusy = false;
      this.put(answer.file, file.name, answer.warning);
    } catch (error) {
      this.isBusy = false;
      this.say("");
      this.refuse(error.message);
      this.button.focus();
    }
    this.input.value = "";
  }

  // A file that a record has already is called as the record; one with which a record begins keeps its own name.
  title() {
    const titles = ["title.fr", "title.nl"].map((name) => this.form.elements[name]?.value.trim());
    return titles.find(Boolean)?.slice(0, 200) ?? "";
  }

  put(path, name, warning = "") {
    this.field.value = path;
    this.refuse("");
    const placed = words.placed.replace("{name}", () => path.replace(/^media\//, ""));
    this.say([placed, warning].filter(Boolean).join("\n"));
    if (this.name === "begin.file") {
      this.form.elements["begin.name"].value = name;
      return this.form.requestSubmit(this.form.querySelector("button[value=begin]"));
    }
    this.changed();
    this.field.focus();
  }

  say(text) {
    this.progress.hidden = !text;
    this.progress.textContent = text;
  }

  refuse(text) {
    this.problem.hidden = !text;
    this.problem.textContent = text;
  }
}
