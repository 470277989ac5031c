// How long nobody has moved on this page. Scrolling, pointer, keys and focus are a move; so is a film that plays or a
// text that is read aloud; and whoever has just opened a document from here is reading it for a while.
// The moment at which the visit ends is kept in the tab, so that a tab opened again later knows that it is over.

const MOVES = ["scroll", "wheel", "pointerdown", "pointermove", "touchstart", "keydown", "input", "focusin"];
const READING_HELP = 20; // minutes at least for someone who reads with help
const SECOND = 1000;
const CLICKED = 5 * SECOND; // so shortly after a click on a document, leaving the page is opening the document

/** Calls `onTick(milliseconds left)` about every second, and `onMove()` when someone moved (at most once a second). */
export class IdleWatch {
  constructor({ idle, reading }, onTick, onMove) {
    this.idle = idle * SECOND; // as the centre set it
    this.reading = reading * SECOND;
    this.onTick = onTick;
    this.onMove = onMove;
    this.opened = 0; // when a document was clicked
    this.last = 0;
    this.held = false; // nobody's moves count while a dialog asks
  }

  start() {
    const moved = () => this.moved();
    MOVES.forEach((name) => window.addEventListener(name, moved, { capture: true, passive: true }));
    document.addEventListener("click", (event) => this.clicked(event), true);
    window.addEventListener("focus", moved);
    window.addEventListener("blur", () => this.left());
    window.addEventListener("pagehide", () => this.left());
    window.addEventListener("pageshow", () => this.tick());
    this.moved();
    setInterval(() => this.tick(), Math.min(SECOND, this.idle / 10));
  }

  // Minutes: what a page of this visit asked for (a group's list), what reading takes, what the centre set.
  get allowed() {
    const asked = Number(sessionStorage.getItem("catalogue.idle")) * 60 * SECOND;
    const helped = sessionStorage.getItem("catalogue.reading") ? READING_HELP * 60 * SECOND : 0;
    const reads = document.querySelector("#reader iframe") ? this.reading : 0; // whose moves are not seen here
    return Math.max(this.idle, asked, helped, reads);
  }

  get until() {
    return Number(sessionStorage.getItem("catalogue.until"));
  }

  set until(moment) {
    sessionStorage.setItem("catalogue.until", String(Math.round(moment)));
  }

  moved() {
    const now = Date.now();
    if (this.held || now - this.last < SECOND) return;
    this.touch();
    this.onMove();
  }

  touch() {
    this.last = Date.now();
    this.until = this.last + this.allowed;
  }

  clicked(event) {
    const link = event.target.closest && event.target.closest("a[href]");
    if (link && isDocument(link)) this.opened = Date.now();
  }

  left() {
    const embedded = document.activeElement && document.activeElement.matches("iframe, embed, object");
    const reads = embedded || Date.now() - this.opened < CLICKED;
    if (reads && !this.held) this.until = Math.max(this.until, Date.now() + this.reading + this.allowed);
  }

  tick() {
    if (isPlaying() && !this.held) this.moved();
    if (this.until) this.onTick(this.until - Date.now());
  }
}

function isDocument(link) {
  return link.origin !== location.origin || link.pathname.startsWith("/media/");
}

function isPlaying() {
  const plays = Array.from(document.querySelectorAll("audio, video")).some((media) => !media.paused && !media.ended);
  return plays || Boolean(window.speechSynthesis && window.speechSynthesis.speaking);
}
