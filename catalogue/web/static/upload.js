// Says before a file is sent that it cannot be taken, and how far it is while it is sent. Without it the form works too.

import { send, wrongWith } from "./sending.js";

for (const form of document.querySelectorAll("form.upload")) {
  const input = form.elements.file;
  const problem = form.querySelector(".wrong");
  const progress = form.querySelector(".progress");
  const button = form.querySelector("button");

  const wrong = () => (input.files.length ? wrongWith(input.files[0], form.dataset) : "");

  const say = (text) => {
    problem.textContent = text;
    problem.hidden = !text;
    input.toggleAttribute("aria-invalid", Boolean(text));
    if (text) input.setAttribute("aria-invalid", "true");
  };

  const refused = (text) => {
    progress.hidden = true;
    button.disabled = false;
    say(text);
    input.focus();
  };

  input.addEventListener("change", () => say(wrong()));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = wrong();
    say(text);
    if (text) return input.focus();
    button.disabled = true;
    progress.hidden = false;
    try {
      const answer = await send(form.action, new FormData(form), form.dataset, (far) => (progress.textContent = far));
      location.assign(answer.next);
    } catch (error) {
      refused(error.message);
    }
  });
}
