// Says before a file is sent that it cannot be taken, and how far it is while it is sent. Without it the form works too.

for (const form of document.querySelectorAll("form.upload")) {
  const input = form.elements.file;
  const problem = form.querySelector(".wrong");
  const progress = form.querySelector(".progress");
  const button = form.querySelector("button");
  const most = JSON.parse(form.dataset.most);

  const wrong = () => {
    const [file] = input.files;
    if (!file) return "";
    const ending = file.name.slice(file.name.lastIndexOf(".")).toLowerCase();
    if (!(ending in most)) return form.dataset.other.replace("{endings}", Object.keys(most).join(", "));
    return file.size > most[ending] * 1e6 ? form.dataset.tooLarge.replace("{most}", most[ending]) : "";
  };

  const say = (text) => {
    problem.textContent = text;
    problem.hidden = !text;
    input.toggleAttribute("aria-invalid", Boolean(text));
    if (text) input.setAttribute("aria-invalid", "true");
  };

  const done = (text) => {
    progress.hidden = true;
    button.disabled = false;
    say(text);
    input.focus();
  };

  const answered = (request) => {
    let answer;
    try {
      answer = JSON.parse(request.responseText);
    } catch {
      answer = { error: { message: form.dataset.broken } };
    }
    if (request.status === 201) location.assign(`${answer.page}?done=${form.elements.title ? "added" : "replaced"}`);
    else done(answer.error.message);
  };

  input.addEventListener("change", () => say(wrong()));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = wrong();
    say(text);
    if (text) return input.focus();
    button.disabled = true;
    progress.hidden = false;
    progress.textContent = form.dataset.sending.replace("{percent}", 0);
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    let shown = 0;
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      const percent = Math.floor((100 * loaded) / total);
      // A screen reader reads each change: every tenth is enough.
      if (percent >= shown + 10) progress.textContent = form.dataset.sending.replace("{percent}", (shown = percent));
    });
    request.upload.addEventListener("load", () => (progress.textContent = form.dataset.checking));
    request.addEventListener("load", () => answered(request));
    request.addEventListener("error", () => done(form.dataset.broken));
    request.send(new FormData(form));
  });
}
