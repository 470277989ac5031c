// The page after a visit goes back to the entrance by itself, when nobody has moved for a while. It says so, and it can
// be stopped. It goes there by a new entry of the history, which drops whatever Forward still led to.

const SECOND = 1000;

function waitForTheNext(box) {
  const seconds = Number(box.dataset.seconds);
  const text = box.querySelector("[data-text]");
  const moves = ["pointerdown", "pointermove", "keydown", "scroll", "touchstart"];
  let timer;
  const leave = () => location.assign("/");
  const rest = () => {
    clearTimeout(timer);
    timer = setTimeout(leave, seconds * SECOND);
  };
  moves.forEach((name) => window.addEventListener(name, rest, { passive: true }));
  text.textContent = text.dataset.text.replace("#", seconds);
  box.hidden = false;
  box.querySelector("button").addEventListener("click", () => {
    moves.forEach((name) => window.removeEventListener(name, rest));
    clearTimeout(timer);
    text.textContent = text.dataset.stopped;
    box.querySelector("button").hidden = true;
  });
  rest();
}

document.querySelector("h1").focus();
document.querySelectorAll(".return").forEach(waitForTheNext);
