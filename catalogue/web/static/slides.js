// Slides, one at a time. They go on by themselves until somebody touches them, and never where motion is reduced.
// Without script they stand one below the other.
const slides = [...document.querySelectorAll(".slide")];
const deck = document.querySelector(".slides");
const [count, tools, pauseButton, playButton, fillButton] = ["count", "tools", "pause", "play", "fill"].map((name) =>
  document.querySelector(`[data-${name}]`),
);
const reduced = matchMedia("(prefers-reduced-motion: reduce)");
const SECONDS = Number(deck.dataset.seconds);
let at = 0;
let timer = 0;

function show(index) {
  at = (index + slides.length) % slides.length;
  slides.forEach((slide, place) => (slide.hidden = place !== at));
  count.textContent = `${at + 1} / ${slides.length}`;
}

// A screen reader is told of a change that somebody asked for, not of those that come by themselves.
function told() {
  const still = reduced.matches || slides.length < 2;
  const focused = [pauseButton, playButton].includes(document.activeElement);
  pauseButton.hidden = still || !timer;
  playButton.hidden = still || Boolean(timer);
  deck.setAttribute("aria-live", timer ? "off" : "polite");
  if (focused && !still) (timer ? pauseButton : playButton).focus();
}

function pause() {
  clearInterval(timer);
  timer = 0;
  told();
}

function play() {
  clearInterval(timer);
  timer = reduced.matches || slides.length < 2 ? 0 : setInterval(() => show(at + 1), SECONDS * 1000);
  told();
}

function step(by) {
  pause();
  show(at + by);
}

function fill() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen().catch(() => {});
}

// A tablet that shows slides is not to go dark.
function stayAwake() {
  if (document.visibilityState === "visible") navigator.wakeLock?.request("screen").catch(() => {});
}

const KEYS = {
  ArrowRight: () => step(1),
  ArrowDown: () => step(1),
  PageDown: () => step(1),
  ArrowLeft: () => step(-1),
  ArrowUp: () => step(-1),
  PageUp: () => step(-1),
  Home: () => step(-at),
  End: () => step(-1 - at),
};

if (slides.length) {
  document.body.classList.add("one-at-a-time");
  tools.hidden = false;
  fillButton.hidden = !document.fullscreenEnabled;
  for (const button of document.querySelectorAll("[data-step]")) {
    button.hidden = slides.length < 2;
    button.addEventListener("click", () => step(Number(button.dataset.step)));
  }
  pauseButton.addEventListener("click", pause);
  playButton.addEventListener("click", play);
  fillButton.addEventListener("click", fill);
  reduced.addEventListener("change", () => (reduced.matches ? pause() : told()));
  document.addEventListener("visibilitychange", stayAwake);
  document.addEventListener("keydown", (event) => {
    const act = event.altKey || event.ctrlKey || event.metaKey ? undefined : KEYS[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  show(0);
  play();
  stayAwake();
}
