// Suggestions while typing: the search box becomes a combobox with a list box (WAI-ARIA Authoring Practices, list
// autocomplete with manual selection). Without this script, or where the network fails, it stays a plain search box.
// Written for browsers from 2018 on; keeps nothing in the browser.

const PAUSE = 150; // milliseconds without a new letter before the server is asked
const SHORTEST = 2; // letters that the server needs

class SuggestingBox {
  constructor(form) {
    this.form = form;
    this.input = form.elements.q;
    this.popup = form.querySelector(".suggestions");
    this.list = this.popup.querySelector("[role=listbox]");
    this.notice = this.popup.querySelector(".suggestions-notice");
    this.status = form.querySelector("[aria-live]");
    this.active = -1; // the option that Enter chooses; -1: none, Enter searches the words as they are typed
    this.become();
    this.listen();
  }

  // These roles hold only while the script runs: without it nothing promises a list.
  become() {
    const roles = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false" };
    roles["aria-controls"] = this.list.id;
    Object.keys(roles).forEach((name) => this.input.setAttribute(name, roles[name]));
  }

  listen() {
    this.input.addEventListener("input", () => this.wait());
    this.input.addEventListener("keydown", (event) => this.press(event));
    this.input.addEventListener("blur", () => this.close());
    this.form.addEventListener("submit", () => this.close());
    // A press on an option must not take the focus from the box: the list would close before the click arrives.
    this.popup.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.choose(option);
    });
  }

  wait() {
    this.forget();
    this.mark(-1); // whoever types on no longer chooses
    if (this.input.value.trim().length < SHORTEST) this.close();
    else this.timer = setTimeout(() => this.ask(), PAUSE);
  }

  forget() {
    clearTimeout(this.timer);
    if (this.request) this.request.abort();
    this.request = null;
  }

  ask() {
    this.forget();
    const request = new AbortController();
    this.request = request;
    const address = this.form.dataset.suggest + "&q=" + encodeURIComponent(this.input.value);
    fetch(address, { signal: request.signal, credentials: "omit" })
      .then((answer) => (answer.ok ? answer.json() : Promise.reject(answer)))
      .then((answer) => this.request === request && this.show(answer))
      // Silence on purpose: whoever types can search all the same. An aborted request has a younger one behind it.
      .catch(() => this.request === request && this.close());
  }

  show(answer) {
    const found = answer.suggestions;
    this.list.textContent = "";
    found.forEach((suggestion, index) => this.list.appendChild(this.option(suggestion, index)));
    this.notice.textContent = answer.notice || "";
    this.notice.hidden = !answer.notice;
    this.open(found.length > 0);
    const { none, one, many } = this.popup.dataset;
    this.status.textContent = [none, one][found.length] || many.replace("#", found.length);
  }

  option({ parts, kind, label, lang, language, url }, index) {
    const option = element("li", "");
    option.id = this.list.id + "-" + index;
    option.dataset.url = url;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.appendChild(this.form.querySelector("template[data-kind=" + kind + "]").content.cloneNode(true));
    const words = element("span", "suggestion-text");
    if (language) words.lang = lang;
    parts.forEach(([piece, typed]) => words.appendChild(element(typed ? "mark" : "span", "", piece)));
    option.appendChild(words);
    option.appendChild(element("span", "visually-hidden", ", ")); // a pause between the two when it is read out
    option.appendChild(element("span", "suggestion-kind", language ? label + " · " + language : label));
    return option;
  }

  open(open) {
    this.popup.hidden = !open;
    this.input.setAttribute("aria-expanded", String(open));
    this.mark(-1);
  }

  close() {
    this.forget();
    this.open(false);
    this.status.textContent = "";
  }

  mark(index) {
    const options = this.list.children;
    if (options[this.active]) options[this.active].setAttribute("aria-selected", "false");
    this.active = index;
    const option = options[index];
    if (!option) return this.input.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    return this.input.setAttribute("aria-activedescendant", option.id);
  }

  choose(option) {
    const url = new URL(option.dataset.url, location.href);
    this.close();
    // The path only: the site may be open under another name than the one it gives in its addresses.
    location.assign(url.pathname + url.search);
  }

  press(event) {
    const open = !this.popup.hidden;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const stops = this.list.children.length + 1; // the options, and the text itself
    if (event.isComposing || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (step && open) this.mark(((this.active + 1 + step + stops) % stops) - 1);
    else if (event.key === "ArrowDown" && this.input.value.trim().length >= SHORTEST) this.ask();
    else if (event.key === "Enter" && open && this.active >= 0) this.choose(this.list.children[this.active]);
    else if (event.key === "Escape" && open) this.close();
    else if (event.key === "Escape") this.input.value = "";
    else {
      if (["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) this.mark(-1); // back in the text
      return; // and the browser does what it always does
    }
    event.preventDefault();
  }
}

function element(name, className, text = "") {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.textContent = text;
  return made;
}

document.querySelectorAll("form[data-suggest]").forEach((form) => new SuggestingBox(form));
