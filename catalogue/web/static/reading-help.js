// Reading help: size of the text, contrast, spacing, easy texts first; kept for the tab. before-paint.js puts it on
// before a page is painted, the stylesheet does the rest. Without script nothing of it is offered.

import { tell } from "./counting.js";
import { ReadAloud } from "./read-aloud.js";

const KEY = "catalogue.reading";
const root = document.documentElement;

class ReadingHelp {
  constructor(panel) {
    this.panel = panel;
    this.button = document.querySelector("[aria-controls=" + panel.id + "]");
    this.said = panel.querySelector("[aria-live]");
    this.chosen = read();
    this.show();
    this.button.addEventListener("click", () => this.open(this.panel.hidden));
    panel.addEventListener("change", (event) => this.choose(event.target));
    panel.querySelector("[data-help=reset]").addEventListener("click", () => this.reset());
    panel.querySelector("[data-help=close]").addEventListener("click", () => this.open(false));
    panel.addEventListener("keydown", (event) => event.key === "Escape" && this.open(false));
    window.addEventListener("pageshow", (event) => event.persisted && this.again());
    this.putEasyFirst();
    this.button.dataset.ready = "";
  }

  open(open) {
    this.panel.hidden = !open;
    this.button.setAttribute("aria-expanded", String(open));
    (open ? this.panel.querySelector("h2") : this.button).focus();
  }

  // What is on, in the panel and on the button.
  show() {
    this.panel.querySelectorAll("input").forEach((input) => {
      input.checked = (this.chosen[input.name] || "") === input.value;
    });
    const on = Object.keys(this.chosen).length > 0;
    this.button.querySelector(".is-on").hidden = !on;
    this.panel.querySelector("[data-help=reset]").hidden = !on;
  }

  choose({ name, value, type, checked }) {
    if (!["text", "contrast", "spacing", "easy"].includes(name)) return;
    const usual = Object.keys(this.chosen).length === 0;
    if (value && (type === "radio" || checked)) this.chosen[name] = value;
    else delete this.chosen[name];
    if (usual && value) tell("reading-help");
    this.keep();
  }

  reset() {
    this.chosen = {};
    this.keep();
    this.panel.querySelector("h2").focus();
  }

  keep() {
    if (Object.keys(this.chosen).length) sessionStorage.setItem(KEY, JSON.stringify(this.chosen));
    else sessionStorage.removeItem(KEY);
    ["text", "contrast", "spacing", "easy"].forEach((name) => {
      if (this.chosen[name]) root.dataset[name] = this.chosen[name];
      else delete root.dataset[name];
    });
    this.show();
    this.putEasyFirst();
    this.said.textContent = this.said.dataset.changed;
  }

  again() {
    this.chosen = read();
    this.show();
    this.putEasyFirst();
  }

  // On the page of a document the easy text opens and stands before the summary; lists do it in the stylesheet.
  putEasyFirst() {
    const easy = document.querySelector(".record-text > .easy");
    if (!easy) return;
    const first = this.chosen.easy === "first";
    const lead = easy.parentElement.querySelector(".lead");
    if (first) easy.open = true;
    if (lead) easy.parentElement.insertBefore(first ? easy : lead, first ? lead : easy);
  }
}

function read() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY)) || {};
  } catch (damaged) {
    return {};
  }
}

const panel = document.querySelector(".reading-help");
let kept = true;
try {
  sessionStorage.getItem(KEY);
} catch (refused) {
  kept = false;
}
if (panel && kept) {
  new ReadingHelp(panel);
  new ReadAloud(panel.querySelector(".read-aloud"));
}
