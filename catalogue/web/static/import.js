// Import: the size of a file is looked at before it is sent, the sample follows the form, progress shows by itself.

const file = document.querySelector(".import-file input[type=file]");
if (file) {
  const form = file.form;
  const wrong = document.getElementById("file-wrong");
  const tooBig = () => file.files.length > 0 && file.files[0].size > Number(form.dataset.most);
  const tell = () => {
    wrong.hidden = !tooBig();
    wrong.textContent = tooBig() ? wrong.dataset.tooBig : "";
    file.setAttribute("aria-invalid", String(tooBig()));
  };
  file.addEventListener("change", tell);
  form.addEventListener("submit", (event) => {
    if (!tooBig()) return;
    event.preventDefault();
    tell();
    file.focus();
  });
}

// Takes over a part of the page as the server has it now; what has the focus keeps it.
async function renew(response, id) {
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const [old, fresh] = [document.getElementById(id), page.getElementById(id)];
  if (old && fresh) old.replaceChildren(...fresh.childNodes);
  return page;
}

const mapping = document.querySelector("form[data-sample]");
if (mapping) {
  let latest = 0;
  mapping.addEventListener("change", async (event) => {
    const turn = ++latest;
    const said = new FormData(mapping);
    said.set("act", "sample");
    const response = await fetch(location.pathname, { method: "POST", body: new URLSearchParams(said) });
    if (!response.ok || turn !== latest) return;
    const page = await renew(response, "sample");
    // Another target brings its own choices: what divides values, which values are not known.
    const cell = event.target.name.startsWith("to.") || event.target.name.startsWith("separator.") ? event.target.closest("td") : null;
    const fresh = cell && page.getElementById(cell.querySelector("select").id)?.closest("td");
    if (!fresh) return;
    const name = cell.contains(document.activeElement) ? document.activeElement.name : "";
    cell.closest("tr").className = fresh.closest("tr").className;
    cell.replaceChildren(...fresh.childNodes);
    if (name) cell.querySelector(`[name="${name}"]`)?.focus();
  });
}

const progress = document.querySelector("#progress[data-live]");
if (progress) {
  const look = async () => {
    try {
      const response = await fetch(location.pathname);
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const fresh = page.getElementById("progress");
      if (!fresh) return location.reload();
      for (const name of ["progress", "h2", "h2 + p", "progress + p"]) {
        const [old, now] = [progress.querySelector(name), fresh.querySelector(name)];
        if (Boolean(old) !== Boolean(now)) return location.reload();
        if (!old) continue;
        if (name === "progress") old.value = now.value;
        else if (old.textContent !== now.textContent) old.textContent = now.textContent;
      }
    } catch {
      // The site is being started again: the next look finds it.
    }
    setTimeout(look, 1500);
  };
  setTimeout(look, 1500);
}
if (location.hash === "#undo") document.getElementById("undo")?.setAttribute("open", "");
