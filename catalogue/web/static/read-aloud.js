// Reads the main text of a page aloud, by voices of this PC only: a voice on the internet would be told what someone
// reads. Where the PC has no voice for the page's language, nothing is offered.

import { tell } from "./counting.js";

const TEXTS = "h1, h2, h3, h4, p, li, dt, dd, summary, caption, td, th";
const BLOCKS = "p, li, dt, dd, h1, h2, h3, h4, ul, ol, dl, table, div";
const LONGEST = 200; // letters said in one go: some voices fall silent in longer ones

/** The three buttons of the reading help that read aloud, pause and stop. */
export class ReadAloud {
  constructor(box) {
    this.box = box;
    this.speech = window.speechSynthesis;
    this.queue = [];
    if (!this.speech) return;
    box.addEventListener("click", (event) => {
      const button = event.target.closest("[data-aloud]");
      if (button) this[button.dataset.aloud]();
    });
    this.speech.addEventListener("voiceschanged", () => this.offer()); // voices arrive after the page
    window.addEventListener("pagehide", () => this.stop());
    this.offer();
  }

  voice(lang) {
    const voices = this.speech.getVoices().filter((voice) => voice.localService);
    return voices.find((voice) => voice.lang.toLowerCase().split(/[-_]/)[0] === lang);
  }

  offer() {
    this.box.hidden = !this.voice(document.documentElement.lang);
  }

  start() {
    this.stop();
    this.queue = texts(document.querySelector("main"));
    this.state("reading");
    tell("read-aloud");
    this.next();
  }

  next() {
    this.mark(null);
    const piece = this.queue.shift();
    if (!piece) {
      this.state("");
      return;
    }
    const said = new SpeechSynthesisUtterance(piece.text);
    said.voice = this.voice(piece.lang);
    if (!said.voice) {
      this.next(); // a title in a language that no voice here speaks: better left out than garbled
      return;
    }
    said.lang = said.voice.lang;
    said.onstart = () => this.mark(piece.element);
    said.onend = () => this.current === said && this.next();
    said.onerror = () => this.current === said && this.stop();
    this.current = said;
    this.speech.speak(said);
  }

  pause() {
    this.speech.pause();
    this.state("paused");
  }

  resume() {
    this.speech.resume();
    this.state("reading");
  }

  stop() {
    this.current = null;
    this.queue = [];
    this.speech.cancel();
    this.speech.resume(); // a paused voice would stay silent at the next start
    this.mark(null);
    this.state("");
  }

  mark(element) {
    if (this.marked) this.marked.classList.remove("being-read");
    this.marked = element;
    if (!element) return;
    element.classList.add("being-read");
    element.scrollIntoView({ block: "nearest" });
  }

  // Only the buttons that do something now; whoever pressed one stays on a button.
  state(name) {
    const had = this.box.contains(document.activeElement);
    const shown = { start: !name, pause: name === "reading", resume: name === "paused", stop: Boolean(name) };
    this.box.querySelectorAll("[data-aloud]").forEach((button) => {
      button.hidden = !shown[button.dataset.aloud];
    });
    const focused = document.activeElement;
    if (had && (!this.box.contains(focused) || focused.hidden)) this.box.querySelector("[data-aloud]:not([hidden])").focus();
  }
}

// The pieces of a text in their order, each said once: a list's entry that holds paragraphs leaves them to speak.
function texts(main) {
  const pieces = [];
  main.querySelectorAll(TEXTS).forEach((element) => {
    const text = element.innerText.replace(/\s+/g, " ").trim();
    if (!text || element.querySelector(BLOCKS) || !isShown(element)) return;
    const marked = element.querySelector("[lang]");
    const whole = marked && marked.innerText.trim() === element.innerText.trim() ? marked : element;
    const lang = whole.closest("[lang]").lang.toLowerCase().split("-")[0];
    sentences(text).forEach((sentence) => pieces.push({ element, lang, text: sentence }));
  });
  return pieces;
}

function isShown(element) {
  return element.getClientRects().length > 0 && !element.closest("[hidden], .visually-hidden, [aria-hidden=true]");
}

function sentences(text) {
  const pieces = text.match(/[^.!?…]+[.!?…]*\s*/g) || [text];
  return pieces.reduce((said, piece) => {
    const last = said.length - 1;
    if (last >= 0 && (said[last] + piece).length <= LONGEST) said[last] += piece;
    else said.push(piece);
    return said;
  }, []);
}
