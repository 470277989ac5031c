// A visit at a PC that many people use: it is ended by whoever made it, or by nobody moving for some minutes. Before
// that a dialog asks, and whoever goes to the shelves leaves a neutral screen. All open tabs of the catalogue follow.

import { endVisit } from "./ending.js";
import { askAboutList } from "./finish.js";
import { IdleWatch } from "./idle.js";

const SECOND = 1000;
const SAID_EVERY = 15; // seconds: the count-down is read out, so it must not speak all the time

class Visit {
  constructor(bar) {
    this.bar = bar;
    this.end = bar.dataset.end;
    this.times = { idle: Number(bar.dataset.idle), reading: Number(bar.dataset.reading) };
    this.warn = Number(bar.dataset.warn) * SECOND;
    this.absence = Number(bar.dataset.away) * SECOND;
    this.question = document.querySelector(".still-here");
    this.screen = document.querySelector(".away");
    this.tabs = window.BroadcastChannel ? new BroadcastChannel("catalogue.visit") : { postMessage() {} };
    this.tabs.onmessage = ({ data }) => this.hear(data);
    this.listen();
    this.ask();
    if (this.times.idle && this.hasSomething()) this.watchOver();
    if (this.isAway) this.showScreen();
  }

  listen() {
    const leave = (pressed) => (this.bar.contains(pressed) && askAboutList()) || this.finish();
    const acts = { end: leave, stay: () => this.stay(), shelves: () => this.goAway() };
    acts.continue = () => this.comeBack();
    document.addEventListener("click", (event) => {
      const pressed = event.target.closest && event.target.closest("[data-visit]");
      if (!pressed || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      acts[pressed.dataset.visit](pressed);
    });
    this.question.addEventListener("close", () => this.stay());
    window.addEventListener("pageshow", (event) => event.persisted && this.isAway && this.showScreen());
  }

  // A page may ask for more minutes than the centre's, for the rest of the visit: data-idle-at-least="45".
  ask() {
    const asked = Array.from(document.querySelectorAll("[data-idle-at-least]"), (e) => Number(e.dataset.idleAtLeast));
    const most = Math.max(0, ...asked, Number(sessionStorage.getItem("catalogue.idle")));
    if (most) sessionStorage.setItem("catalogue.idle", String(most));
  }

  // On the entrance and at the end there is nobody, unless a visit left something in the tab.
  hasSomething() {
    const own = ["visit", "first", "until", "idle"].map((name) => "catalogue." + name);
    const kept = Object.keys(sessionStorage).some((key) => !own.includes(key));
    return this.bar.dataset.page === "visit" || kept;
  }

  watchOver() {
    this.watch = new IdleWatch(this.times, (left) => this.look(left), () => this.tabs.postMessage("here"));
    if (this.isAway) this.watch.held = true;
    this.watch.start();
  }

  get isAway() {
    return Boolean(sessionStorage.getItem("catalogue.away"));
  }

  hear(said) {
    if (said === "end") endVisit("/");
    if (said === "away" && !this.isAway) this.leaveScreen();
    if (said === "back" && this.isAway) this.returnToPage();
    if (said === "here" && this.watch && !this.isAway) this.settle();
  }

  look(left) {
    if (left <= 0) this.finish();
    else if (!this.isAway && left <= this.warn) this.showQuestion(Math.ceil(left / SECOND));
    else if (this.question.open) this.settle();
  }

  finish() {
    this.tabs.postMessage("end");
    endVisit(this.end);
  }

  // --- the question

  showQuestion(seconds) {
    if (!this.question.open) {
      this.watch.held = true;
      this.question.showModal();
      this.said = Infinity;
    }
    const step = Math.ceil(seconds / SAID_EVERY);
    if (step === this.said) return;
    this.said = step;
    this.question.querySelectorAll("[data-left]").forEach((left) => {
      left.textContent = left.dataset.left.replace("#", seconds);
    });
  }

  stay() {
    if (this.isAway || !this.watch || !this.watch.held) return;
    this.tabs.postMessage("here");
    this.settle();
  }

  settle() {
    this.watch.held = false;
    this.watch.touch();
    if (this.question.open) this.question.close();
  }

  // --- at the shelves

  goAway() {
    this.tabs.postMessage("away");
    this.leaveScreen();
  }

  leaveScreen() {
    const address = location.pathname + location.search + location.hash;
    sessionStorage.setItem("catalogue.away", JSON.stringify({ address, until: Date.now() + this.absence }));
    this.title = document.title;
    history.replaceState(history.state, "", "/"); // the address says what was searched
    if (this.question.open) this.question.close();
    this.showScreen();
  }

  showScreen() {
    const { until } = JSON.parse(sessionStorage.getItem("catalogue.away"));
    document.documentElement.dataset.away = "";
    const titles = this.screen.querySelectorAll("[role=heading] [lang]");
    document.title = Array.from(titles, (title) => title.textContent).join(" · ");
    if (this.watch) {
      this.watch.held = true;
      this.watch.until = until;
      this.screen.querySelectorAll("[data-hour]").forEach((hour) => {
        const clock = new Date(until).toLocaleTimeString(hour.lang, { hour: "2-digit", minute: "2-digit" });
        hour.textContent = hour.dataset.hour.replace("#", clock);
      });
    }
    this.screen.hidden = false;
    this.screen.querySelector("[data-visit=continue]").focus();
  }

  comeBack() {
    this.tabs.postMessage("back");
    this.returnToPage();
  }

  returnToPage() {
    const { address } = JSON.parse(sessionStorage.getItem("catalogue.away"));
    sessionStorage.removeItem("catalogue.away");
    if (this.watch) this.settle();
    if (this.title === undefined) {
      location.replace(address); // the page was loaded behind the screen: it is not the one that was left
      return;
    }
    history.replaceState(history.state, "", address);
    document.title = this.title;
    this.screen.hidden = true;
    delete document.documentElement.dataset.away;
    document.querySelector("main").focus();
  }
}

const bar = document.querySelector(".visit-bar");
let kept = true;
try {
  sessionStorage.getItem("catalogue.visit");
} catch (refused) {
  kept = false; // nothing is kept in this tab: nothing to watch over, and the link to the end does the rest
}
if (bar && kept && window.HTMLDialogElement) new Visit(bar);
