// Offers labels of the thesaurus while one is typed; without script the label is typed in full.
const offered = document.querySelector("[data-labels-from]");
let waiting = 0;

async function offer(input) {
  const text = input.value.trim();
  if (text.length < 2) return;
  const answer = await fetch(`${offered.dataset.labelsFrom}?q=${encodeURIComponent(text)}`);
  if (!answer.ok || input.value.trim() !== text) return;
  const { labels } = await answer.json();
  offered.replaceChildren(...labels.map((label) => new Option("", label)));
}

document.addEventListener("input", (event) => {
  const input = event.target;
  if (!input.matches("[data-labels]")) return;
  clearTimeout(waiting);
  waiting = setTimeout(() => offer(input), 120);
  // There is always an empty place for one more.
  const all = [...input.closest(".field").querySelectorAll(`[name="${input.name}"]`)];
  if (input.value && input === all.at(-1) && input.closest(".entry-form")) {
    const next = input.cloneNode();
    next.removeAttribute("id");
    next.value = "";
    next.setAttribute("aria-label", `${input.closest(".field").querySelector("label").textContent.trim()} ${all.length + 1}`);
    input.after(next);
  }
});
