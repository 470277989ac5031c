// The advisor's page by keyboard, and without a new page at every step: the form is sent as it stands, and parts of
// the answer take the place of parts of the page. Without this script the same buttons do the same.

const form = document.querySelector("form.advise");
const dialog = form.querySelector("dialog.phrases");
const singleKeys = document.getElementById("single-keys");
const DRAFT = "advise-draft";
const SINGLE_KEYS = "advise-single-keys";
const EVERYTHING = ["found", "made"];

let queue = Promise.resolve(); // one request at a time, each with the form as it then is
let current = ""; // the result that keys speak of
let isLeaving = false; // to the page of the code: nothing of the draft is to be kept

const byId = (id) => document.getElementById(id);
const ticks = () => [...form.querySelectorAll("[name=tick]")];
const state = () => new URLSearchParams(new FormData(form));
const isTyping = (target) => target.matches("input:not([type=checkbox], [type=radio]), select, textarea");

function say(text) {
  byId("advise-said").textContent = text;
}

// --- sending ---------------------------------------------------------------------------------------------------------

function send(action, parts, body = null) {
  queue = queue.then(() => exchange(action, parts, body)).catch(() => say(form.dataset.failed));
  return queue;
}

async function exchange(action, parts, body) {
  const sent = body ?? state();
  sent.set("do", action);
  const answer = await fetch(form.getAttribute("action"), { method: "POST", body: sent });
  if (answer.redirected || answer.status === 401) {
    say(form.dataset.signedOut);
    alertAbove(form.dataset.signedOut);
    return;
  }
  if (!answer.ok) throw new Error(String(answer.status));
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  parts.forEach((id) => replace(id, page.getElementById(id)));
  const count = byId("made").querySelector(".made-count").textContent;
  form.querySelector(".to-list .made-count").textContent = count;
  say(byId("made").dataset.said);
}

// Shows a document of the list where the list scrolls by itself; the page stays where it is.
function reveal(row) {
  const rows = row?.parentElement;
  if (rows && rows.scrollHeight > rows.clientHeight) rows.scrollTop = row.offsetTop - rows.offsetTop;
}

function alertAbove(text) {
  const shown = form.querySelector(".problem.from-script") ?? document.createElement("p");
  shown.className = "problem from-script";
  shown.textContent = text;
  form.prepend(shown);
}

// Puts a part of the answer on the page. Focus stays where it was, by id or by what the field is called.
function replace(id, fresh) {
  const old = byId(id);
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const scrolled = old.querySelector(".rows")?.scrollTop ?? 0;
  const open = old.querySelector("details")?.open;
  old.replaceWith(fresh);
  if (fresh.querySelector(".rows")) fresh.querySelector(".rows").scrollTop = scrolled;
  if (open && fresh.querySelector("details")) fresh.querySelector("details").open = true;
  if (focused) (twin(focused, fresh) ?? fresh.querySelector("h2")).focus();
}

function twin(focused, fresh) {
  const name = focused.getAttribute("name");
  const value = CSS.escape(focused.getAttribute("value") ?? "");
  const same = focused.id ? fresh.querySelector(`#${CSS.escape(focused.id)}`) : null;
  const found = same ?? (name ? fresh.querySelector(`[name="${name}"][value="${value}"]`) : null);
  return found?.disabled ? fresh.querySelector(`#${CSS.escape(opposite(found.id))}`) : found;
}

const opposite = (id) => (id.startsWith("up-") ? id.replace("up-", "down-") : id.replace("down-", "up-"));

// --- what is pressed -------------------------------------------------------------------------------------------------

form.addEventListener("submit", async (event) => {
  const action = event.submitter?.value || "search";
  if (action === "make") {
    isLeaving = true;
    return;
  }
  event.preventDefault();
  const inList = byId("made").contains(document.activeElement);
  if (action === "search" && inList) {
    goTo(current); // Enter in a field of the list: back to the results
  } else if (action === "search" || action.startsWith("page:")) {
    await search(action);
  } else {
    if (action.startsWith("remove:")) untick(action.slice("remove:".length));
    if (action === "clear") ticks().forEach((tick) => (tick.checked = false));
    await send(action, ["made"]);
  }
});

form.addEventListener("change", (event) => {
  if (event.target.name === "tick") {
    current = event.target.value;
    send("list", ["made"]).then(() => reveal(byId(`row-${event.target.value}`)));
  } else if (event.target.closest(".advise-filters")) {
    send("search", EVERYTHING);
  }
});

form.addEventListener("focusin", (event) => {
  if (event.target.name === "tick") current = event.target.value;
});

async function search(action) {
  await send(action, EVERYTHING);
  current = "";
  const heading = byId("found-title");
  (ticks()[0] ?? heading).focus();
  window.scrollTo({ top: 0 });
  say(heading.textContent.trim());
}

function untick(id) {
  ticks().filter((tick) => tick.value === id).forEach((tick) => (tick.checked = false));
}

// --- keys ------------------------------------------------------------------------------------------------------------

function goTo(id) {
  const tick = ticks().find((one) => one.value === id) ?? ticks()[0];
  tick?.focus();
  tick?.closest(".pick").scrollIntoView({ block: "nearest" });
}

function step(by) {
  const all = ticks();
  const at = all.findIndex((tick) => tick.value === current);
  const next = at < 0 ? 0 : Math.max(0, Math.min(all.length - 1, at + by));
  if (all.length) goTo(all[next].value);
}

function toggle(tick) {
  tick.checked = !tick.checked;
  tick.dispatchEvent(new Event("change", { bubbles: true }));
}

function explain(tick) {
  if (!tick.checked) toggle(tick);
  dialog.querySelector(".phrases-for").textContent = tick.dataset.title;
  dialog.showModal();
}

const KEYS = {
  "/": () => byId("advise-q").select(),
  j: () => step(1),
  k: () => step(-1),
  x: (tick) => tick && toggle(tick),
  n: (tick) => tick && explain(tick),
};

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.altKey || event.metaKey || dialog.open) return;
  if (event.ctrlKey) {
    if (event.key === "Enter") queue.then(() => form.requestSubmit(byId("make")));
    return;
  }
  const onTick = event.target.name === "tick";
  if (event.key === "Escape" && form.contains(event.target)) goTo(current);
  else if (onTick && event.key === "ArrowDown") step(1);
  else if (onTick && event.key === "ArrowUp") step(-1);
  else if (KEYS[event.key] && singleKeys.checked && !isTyping(event.target))
    KEYS[event.key](ticks().find((tick) => tick.value === current));
  else return;
  event.preventDefault();
});

// --- the phrases -----------------------------------------------------------------------------------------------------

dialog.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const button = dialog.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!button) return;
  event.preventDefault();
  button.click();
});

dialog.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  dialog.close();
  if (!button.classList.contains("phrases-close")) choose(current, button.value);
});

async function choose(id, phrase) {
  await queue; // the document may only just be on its way to the list
  const select = byId(`phrase-${id}`);
  if (!select) return;
  select.value = phrase;
  if (phrase === "own") byId(`own-${id}`).focus();
  else if (select.selectedOptions[0].dataset.dated !== undefined) byId(`day-${id}`).focus();
  else say(select.selectedOptions[0].textContent);
}

// --- what this tab remembers -----------------------------------------------------------------------------------------
// A list that is being made outlives a wrong click, in this tab only, until its code is made or somebody signs out.

const isNew = () => !form.getAttribute("action").includes("/list/");

window.addEventListener("pagehide", () => {
  if (!isNew()) return;
  if (isLeaving || !form.querySelector("[name=item]")) sessionStorage.removeItem(DRAFT);
  else sessionStorage.setItem(DRAFT, state().toString());
});

document.querySelector("form.signed-in")?.addEventListener("submit", () => {
  isLeaving = true;
});

singleKeys.checked = sessionStorage.getItem(SINGLE_KEYS) !== "off";
singleKeys.addEventListener("change", () => {
  sessionStorage.setItem(SINGLE_KEYS, singleKeys.checked ? "on" : "off");
});

const draft = sessionStorage.getItem(DRAFT);
if (draft && isNew() && !form.querySelector("[name=item], [name=shown], .problem")) {
  const body = new URLSearchParams(draft);
  byId("advise-q").value = body.get("q") ?? "";
  send("list", EVERYTHING, body).then(() => say(byId("made").dataset.again));
}
