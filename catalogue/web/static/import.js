// Import: the size of a file is looked at before it is sent, the sample follows the form.

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

if (location.hash === "#undo") document.getElementById("undo")?.setAttribute("open", "");
