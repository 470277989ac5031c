// The record form: keeps what is typed as a draft every few seconds, shows how it will look, and offers names.

import { files } from "./form-files.js";
import { NewTerm, extendLists } from "./new-term.js";
import { pickers } from "./pick-names.js";

const form = document.querySelector(".record-form");
const said = document.getElementById("draft-said");
const QUIET = 1500; // ms after the last key
const LONGEST = 8000; // ms that are ever lost

let changed = 0; // since when something waits to be kept
let timer = 0;
let isLeaving = false;

function wait() {
  if (isLeaving) return;
  changed ||= Date.now();
  clearTimeout(timer);
  timer = setTimeout(keep, Math.max(0, Math.min(QUIET, changed + LONGEST - Date.now())));
}

async function keep(leaving = false) {
  clearTimeout(timer);
  if (!changed) return;
  changed = 0;
  try {
    const body = new URLSearchParams(new FormData(form));
    const answer = await fetch(form.dataset.drafts, { method: "POST", body, keepalive: leaving === true });
    if (answer.redirected || answer.status === 401) return say(form.dataset.signedOut, true);
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    document.getElementById("side-inside").replaceWith(page.getElementById("side-inside"));
    const time = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
    say(form.dataset.kept.replace("{time}", () => time.format(new Date())));
  } catch {
    changed ||= Date.now(); // the next key tries again
    say(form.dataset.failed, true);
  }
}

function say(text, wrong = false) {
  if (said.textContent !== text) said.textContent = text;
  said.classList.toggle("wrong", wrong);
}

files(form, wait); // before the others: it stops what would leave a file behind

form.addEventListener("input", wait);
form.addEventListener("change", wait);
form.addEventListener("submit", (event) => {
  if (event.submitter?.value === "preview") return;
  isLeaving = true;
  clearTimeout(timer);
});
window.addEventListener("pageshow", () => (isLeaving = false));
window.addEventListener("pagehide", () => !isLeaving && keep(true));
document.addEventListener("visibilitychange", () => document.hidden && !isLeaving && keep(true));

// Ctrl+S saves.
document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.key !== "s") return;
  event.preventDefault();
  form.requestSubmit(form.querySelector(".save-buttons .primary"));
});

const term = new NewTerm(form);
pickers(form, wait, term);
extendLists(form, term, wait);

// After a button that rearranged the form: where the change was made.
const pressed = form.dataset.focus;
if (pressed) document.getElementById(pressed)?.focus();
