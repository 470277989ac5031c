// Narrows the list of occupations while one types: the same page is asked with what is typed, and its list takes the
// place of this one. Without script the button does it. What is typed never becomes an entry of the history.

const DELAY = 150; // ms after the last key

const form = document.querySelector("form.narrow");
const field = form.elements.q;
const list = document.getElementById("list");
const status = form.querySelector("[role=status]");
let newest = 0;
let timer = 0;

async function narrow() {
  const mine = ++newest;
  const text = field.value.trim();
  const address = text ? `${form.action}?${new URLSearchParams({ q: text })}` : form.action;
  try {
    const answer = await fetch(address);
    if (!answer.ok || mine !== newest) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (mine !== newest) return;
    list.replaceChildren(...page.getElementById("list").childNodes);
    status.textContent = text ? list.querySelector("h2").textContent : "";
  } catch {
    // The network is away: the list stays as it is, and the next key tries again.
  }
}

field.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(narrow, DELAY);
});

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  clearTimeout(timer);
  await narrow();
  list.focus();
});
