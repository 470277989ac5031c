// The page of the list of this tab, or of a list that came in the address (#ids=a,b,c): shown, put in order, shortened,
// printed, copied, taken to a phone, handed over to another PC. The server is told the ids in the body of a post only.

import { item } from "./list-item.js";
import { MOST, clean, read, works, write } from "./list-store.js";

const WANTED = { "#print": "print", "#list-phone": "phone", "#list-elsewhere": "elsewhere" }; // as finish.js asks
const QUIET = 300; // milliseconds before it is said that something is being fetched

class ListPage {
  constructor(root) {
    this.root = root;
    this.part = (name) => root.querySelector(`[data-part=${name}]`);
    this.doing = (name) => root.querySelector(`[data-do=${name}]`);
    this.asked = 0;
    root.addEventListener("click", (event) => {
      const button = event.target.closest("[data-do]");
      if (button) this[button.dataset.do](button);
    });
    window.addEventListener("hashchange", () => this.start());
    window.addEventListener("pageshow", (event) => event.persisted && this.start());
    root.hidden = false;
    this.start();
  }

  start() {
    const [, ids] = /^#ids=(.*)$/.exec(location.hash) || [];
    this.handed = ids === undefined ? null : clean(ids.replace(/%2c/gi, ",").split(","));
    this.shown = []; // the records on the page, in order
    this.closePanels();
    this.say("");
    this.fetch();
  }

  get ids() {
    return this.handed || read();
  }

  // --- what the server knows ---

  async fetch() {
    const asked = ++this.asked; // a younger question makes an older answer worthless
    const ids = this.ids;
    const loading = setTimeout(() => (this.part("loading").hidden = false), QUIET);
    this.part("failed").hidden = true;
    try {
      const answer = ids.length ? await this.lookup(ids) : { records: [], missing: [], list: null };
      if (asked === this.asked) this.receive(answer);
    } catch {
      if (asked === this.asked) this.part("failed").hidden = false;
    } finally {
      clearTimeout(loading);
      this.part("loading").hidden = true;
    }
  }

  async lookup(ids) {
    const answer = await post("/api/records/lookup", { ids, lang: document.documentElement.lang });
    if (!answer.ok) throw new Error(answer.status);
    return answer.json();
  }

  receive({ records, missing, list }) {
    const gone = missing.filter(({ state }) => state !== "moved").length;
    this.shown = records;
    this.list = list;
    if (missing.length && !this.handed) write(records.map(({ id }) => id));
    if (gone) this.say(gone === 1 ? this.root.dataset.gone : this.root.dataset.goneMany.replace("#", gone));
    this.show();
    if (records.length && location.hash in WANTED) this.carryOut(this.doing(WANTED[location.hash]));
  }

  // What was asked for on the page before; once, and not again on Back or when the page is loaded again.
  carryOut(button) {
    history.replaceState(history.state, "", location.pathname);
    button.focus();
    button.click();
  }

  // --- what is on the page ---

  show() {
    const { root, shown, handed } = this;
    const words = root.dataset;
    const some = shown.length > 0;
    root.querySelector("h1").textContent = handed ? words.handed : words.own;
    this.part("count").textContent = [words.none, words.one][shown.length] || words.many.replace("#", shown.length);
    this.part("items").replaceChildren(...shown.map(item));
    root.querySelectorAll(".item-tools").forEach((tools) => (tools.hidden = Boolean(handed)));
    const visible = { handed: handed && works(), kept: some && !handed, actions: some, "empty-it": some && !handed };
    Object.assign(visible, { count: some || handed, empty: !some && !handed, "have-code": !handed });
    Object.entries(visible).forEach(([name, on]) => (this.part(name).hidden = !on));
    this.doing("own").hidden = !read().length;
    this.edges();
    this.showCodes();
  }

  showCodes() {
    const { list, shown, root } = this;
    root.querySelectorAll("img[data-part=qr]").forEach((image) => {
      list ? (image.src = list.qr) : image.removeAttribute("src");
      image.hidden = !list;
    });
    const short = list && list.in_qr < shown.length;
    this.part("part").hidden = !short;
    if (short) this.part("part").textContent = fill(root.dataset.part, { part: list.in_qr, total: shown.length });
  }

  // The first cannot go up, the last not down. The button stays where the focus may be: it only says so.
  edges() {
    const items = [...this.part("items").children];
    items.forEach((one, index) => {
      one.querySelector("[data-do=up]").setAttribute("aria-disabled", String(index === 0));
      one.querySelector("[data-do=down]").setAttribute("aria-disabled", String(index === items.length - 1));
    });
  }

  say(message) {
    this.part("said").textContent = message;
    this.doing("undo").hidden = true;
    this.before = null;
  }

  // --- order ---

  up(button) {
    this.move(button, -1);
  }

  down(button) {
    this.move(button, 1);
  }

  move(button, step) {
    const one = button.closest(".item");
    const ids = read();
    const from = ids.indexOf(one.dataset.id);
    const to = from + step;
    if (from < 0 || to < 0 || to >= ids.length) return;
    ids.splice(to, 0, ...ids.splice(from, 1));
    write(ids);
    this.shown.sort((one, another) => ids.indexOf(one.id) - ids.indexOf(another.id));
    const other = step < 0 ? one.previousElementSibling : one.nextElementSibling;
    if (step < 0) other.before(one);
    else other.after(one);
    button.focus(); // it was moved with its item, which takes the focus away
    one.scrollIntoView({ block: "nearest" });
    this.edges();
    this.say(fill(this.root.dataset.moved, { title: one.dataset.title, place: to + 1, total: ids.length }));
    this.renew();
  }

  // The QR code, the e-mail and the text follow the list; what is on the page stays as it is.
  async renew() {
    const asked = ++this.asked;
    this.closePanels();
    const ids = read();
    const answer = ids.length ? await this.lookup(ids).catch(() => null) : null;
    if (asked !== this.asked || !answer) return;
    this.shown = answer.records;
    this.list = answer.list;
    this.showCodes();
  }

  // --- less ---

  remove(button) {
    const { id, title } = button.closest(".item").dataset;
    this.change(read().filter((other) => other !== id), fill(this.root.dataset.removed, { title }));
  }

  empty() {
    this.change([], this.root.dataset.emptied);
  }

  change(ids, message) {
    const before = read();
    write(ids);
    this.shown = this.shown.filter((record) => ids.includes(record.id));
    this.show();
    this.say(message);
    this.before = before;
    this.doing("undo").hidden = false;
    this.doing("undo").focus(); // the button that was pressed is gone
    this.renew();
  }

  undo() {
    write(this.before || read());
    this.say(this.root.dataset.back);
    this.root.querySelector("h1").focus();
    this.fetch();
  }

  // --- along ---

  async print() {
    const images = [...this.root.querySelectorAll("img[src]")];
    await Promise.all(images.map((image) => image.decode().catch(() => {})));
    window.print();
  }

  phone(button) {
    this.toggle(button, "list-phone");
  }

  // The clipboard's own interface wants https; inside a centre there may be plain http, where the old way still works.
  async copy() {
    const area = this.root.querySelector("textarea");
    const shown = this.part("copy");
    area.value = this.list ? this.list.text : "";
    shown.hidden = false;
    area.select();
    const copied = await writeText(area.value);
    shown.hidden = copied;
    this.say(copied ? this.root.dataset.copied : this.root.dataset.notCopied);
    if (copied) this.doing("copy").focus();
  }

  async elsewhere(button) {
    if (button.getAttribute("aria-expanded") === "true") return this.closePanels();
    try {
      const answer = await post(location.pathname, { ids: this.ids });
      if (!answer.ok) throw new Error(answer.status);
      const { shown, until } = await answer.json();
      this.part("code").textContent = shown;
      this.part("until").textContent = until;
      return this.toggle(button, "list-elsewhere");
    } catch {
      this.closePanels();
      this.part("problem").textContent = this.root.dataset.noCode;
      this.part("problem").hidden = false;
    }
  }

  toggle(button, id) {
    const open = button.getAttribute("aria-expanded") !== "true";
    this.closePanels();
    if (!open) return;
    const panel = document.getElementById(id);
    button.setAttribute("aria-expanded", "true");
    panel.hidden = false;
    panel.focus();
    panel.scrollIntoView({ block: "nearest" });
  }

  closePanels() {
    this.root.querySelectorAll("[aria-controls]").forEach((button) => button.setAttribute("aria-expanded", "false"));
    this.root.querySelectorAll(".list-panel, [data-part=problem], [data-part=copy]").forEach((one) => (one.hidden = true));
  }

  // --- a list from the address ---

  take() {
    const all = [...new Set([...read(), ...this.shown.map(({ id }) => id)])];
    if (all.length > MOST || !write(all)) return this.say(this.root.dataset.full);
    this.own();
    return this.say(this.root.dataset.taken);
  }

  own() {
    history.replaceState(null, "", location.pathname);
    this.start();
    this.root.querySelector("h1").focus();
  }

  again() {
    this.fetch();
  }
}

function post(address, value) {
  const headers = { "Content-Type": "application/json" };
  return fetch(address, { method: "POST", credentials: "omit", headers, body: JSON.stringify(value) });
}

async function writeText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return document.execCommand("copy");
  }
}

function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

new ListPage(document.getElementById("own-list"));
