// "Add to my list" on cards and records, and how many there are in the header. Where this does not run, or the browser
// keeps no storage for a tab, neither button nor link appears.

import { tell } from "./counting.js";
import { MOST, read, works, write } from "./list-store.js";

const links = document.querySelectorAll(".list-link"); // one, but where the page speaks several languages
const [link] = links;
const status = document.getElementById("list-status");
const onward = link?.cloneNode(true);

function show() {
  const ids = read();
  document.querySelectorAll("button[data-list]").forEach((button) => {
    button.setAttribute("aria-pressed", String(ids.includes(button.dataset.list)));
    button.hidden = false;
  });
  [...links, onward].forEach((each) => {
    each.querySelector("[data-count]").textContent = ids.length;
    each.hidden = false;
  });
}

function say(message, title, number) {
  status.textContent = message.replace("{title}", () => title).replace("#", number);
}

function toggle(button) {
  const id = button.dataset.list;
  const ids = read();
  const on = ids.includes(id);
  const next = on ? ids.filter((other) => other !== id) : [...ids, id];
  if (next.length > MOST) return say(link.dataset.full);
  const kept = write(next);
  const message = kept ? link.dataset[on ? "removed" : "added"] : link.dataset.failed;
  if (kept && !ids.length) tell("list");
  if (kept && !on) button.after(onward);
  else onward.remove();
  return say(message, button.querySelector("[data-title]").textContent, next.length);
}

if (link && works()) {
  onward.className = "list-onward"; // right behind the button that added a document: the next Tab
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-list]");
    if (button) toggle(button);
  });
  document.addEventListener("catalogue:list", show);
  // Back and forward may show a page as it was left: the list may have changed since.
  window.addEventListener("pageshow", show);
  show();
}
