// The player of a record's film or recording: large buttons, speed, captions, keys, and the text that follows along.
// Nothing plays by itself. Keys count only while the focus is inside the player (WCAG 2.1.4).

const STEPS = { ArrowLeft: -5, ArrowRight: 5, j: -10, l: 10 }; // seconds
const OWN_SPACE = "button, a, summary, select"; // what the space bar presses by itself
const LEFT_ALONE = 6000; // ms in which the text does not move after someone scrolled it

class Player {
  constructor(box) {
    this.box = box;
    this.media = box.querySelector("video, audio");
    this.moments = Array.from(box.querySelectorAll("a[data-start]"));
    this.captions = box.querySelector("[data-part=captions]");
    this.scrolled = 0;
    box.querySelectorAll(".player-bar, .player-keys").forEach((part) => (part.hidden = false));
    this.listen();
    this.showCaptions();
    this.follow();
    if (this.media.error) this.fail();
    if (location.hash === "#player") box.focus({ preventScroll: true }); // so that the keys work at once
  }

  listen() {
    const { box, media } = this;
    box.addEventListener("click", (event) => this.clicked(event));
    // Before the browser's own controls see the key, which would go as far again.
    box.addEventListener("keydown", (event) => this.pressed(event), true);
    box.querySelector("[data-part=speed]").addEventListener("change", (event) => {
      media.playbackRate = Number(event.target.value);
    });
    if (this.captions) this.captions.addEventListener("change", () => this.showCaptions());
    media.textTracks.addEventListener("change", () => this.captionsChanged());
    ["play", "pause", "ended"].forEach((name) => media.addEventListener(name, () => this.playing()));
    ["timeupdate", "seeked"].forEach((name) => media.addEventListener(name, () => this.follow()));
    media.addEventListener("error", () => this.fail());
    const texts = box.querySelector(".player-text");
    if (!texts) return;
    ["wheel", "touchmove"].forEach((name) => {
      texts.addEventListener(name, () => (this.scrolled = Date.now()), { passive: true });
    });
    texts.addEventListener("toggle", () => this.follow(), true); // the other language was opened
  }

  clicked(event) {
    const moment = event.target.closest("a[data-start]");
    const deed = event.target.closest("[data-deed]");
    if (deed) this[deed.dataset.deed]();
    if (!moment || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.scrolled = 0;
    this.go(Number(moment.dataset.start) + 0.01); // within the line, however the time is rounded
    this.play();
  }

  pressed(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.matches("select, input")) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (key === "k" || (key === " " && !event.target.matches(OWN_SPACE))) this.toggle();
    else if (key in STEPS) this.step(STEPS[key]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  toggle() {
    if (this.media.paused) this.play();
    else this.media.pause();
  }

  play() {
    this.media.play().catch(() => {}); // the error event says what a reader should know
  }

  back() {
    this.step(-10);
  }

  on() {
    this.step(10);
  }

  step(seconds) {
    this.go(this.media.currentTime + seconds);
  }

  go(seconds) {
    const end = Number.isFinite(this.media.duration) ? this.media.duration : seconds;
    this.media.currentTime = Math.max(0, Math.min(seconds, end));
    this.follow();
  }

  playing() {
    const plays = !this.media.paused && !this.media.ended;
    this.box.querySelector(".to-play").hidden = plays;
    this.box.querySelector(".to-pause").hidden = !plays;
  }

  showCaptions() {
    Array.from(this.media.textTracks).forEach((track) => {
      track.mode = this.captions && track.language === this.captions.value ? "showing" : "disabled";
    });
  }

  // Somebody used the browser's own button for captions.
  captionsChanged() {
    const shown = Array.from(this.media.textTracks).find((track) => track.mode === "showing");
    if (this.captions) this.captions.value = shown ? shown.language : "";
  }

  // Of several lines said at once the last one counts; between two lines, the one before.
  follow() {
    const time = this.media.currentTime;
    // An address has whole seconds: opened at one, the line that begins within it is the one that was meant.
    const now = Number.isInteger(time) ? time + 0.999 : time;
    if (!now && !this.media.played.length) return; // what the address asked for is marked already
    this.box.querySelectorAll(".moments").forEach((list) => {
      const lines = Array.from(list.querySelectorAll("a[data-start]"));
      const here = lines.filter((line) => Number(line.dataset.start) <= now).pop();
      const before = list.querySelector("[aria-current]");
      if (here === before) return;
      if (before) before.removeAttribute("aria-current");
      if (!here) return;
      here.setAttribute("aria-current", "true");
      this.bring(here);
    });
  }

  // Into sight in its own box: the page stays where it is.
  bring(line) {
    const box = line.closest(".moments-box");
    if (!box || Date.now() - this.scrolled < LEFT_ALONE) return;
    const place = line.getBoundingClientRect().top - box.getBoundingClientRect().top;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    box.scrollBy({ top: place - box.clientHeight / 3, behavior: calm ? "auto" : "smooth" });
  }

  fail() {
    this.box.querySelector(".player-fails").hidden = false;
  }
}

document.querySelectorAll("#player").forEach((box) => {
  const player = new Player(box);
  box.querySelectorAll(".moments-box [aria-current]").forEach((line) => player.bring(line));
});
