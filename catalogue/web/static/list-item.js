// One record of a list, from what /api/records/lookup says of it: the pieces of _list_item.html.

const copy = (id) => document.getElementById(id).content.firstElementChild.cloneNode(true);

// A text in another language than the page's carries its own.
function say(element, { text, lang }) {
  element.textContent = text;
  if (lang !== document.documentElement.lang && lang !== "und") element.lang = lang;
  return element;
}

function add(parent, name, className, said) {
  if (!said) return;
  const made = document.createElement(name);
  made.className = className;
  parent.append(say(made, said));
}

function way(one) {
  const item = copy("way-" + one.form);
  const fill = (name, text) => {
    const place = item.querySelector("." + name);
    if (place) text ? (place.textContent = text) : place.remove();
  };
  if (one.form === "shelf") {
    item.firstElementChild.classList.add("shelf-" + one.colour);
    fill("mark", one.mark);
    fill("use", one.use);
    one.shelf ? say(item.querySelector(".shelf-name"), one.shelf) : fill("shelf-name", "");
  } else {
    item.querySelector("a").href = one.href;
    fill("host", one.host);
  }
  add(item, "span", "small", one.language);
  add(item, "span", "small", one.year && { text: String(one.year), lang: "und" });
  return item;
}

export function item(record) {
  const made = copy("item-template");
  const title = { text: record.title, lang: record.title_lang };
  const fill = (name) => made.querySelector(`[data-fill=${name}]`);
  const drawing = document.getElementById("kind-" + record.kind);
  made.dataset.id = record.id;
  made.dataset.title = record.title;
  made.style.setProperty("--walk", record.walk); // on paper the items stand as one walks past them
  if (drawing) made.querySelector(".card-kind").prepend(drawing.content.cloneNode(true));
  say(fill("kind"), record.kind_label);
  record.when ? (fill("when").textContent = record.when) : fill("when").remove();
  // The path only: the site may be open under another name than the one it gives in its addresses.
  say(fill("title"), title).href = new URL(record.url, location.href).pathname;
  made.querySelectorAll("[data-fill=name]").forEach((name) => say(name, title));
  record.titles.slice(1).forEach((other) => add(made.querySelector(".item-words"), "p", "other-title", other));
  made.querySelector(".item-words").append(made.querySelector(".item-ways")); // below the titles
  made.querySelector(".item-ways").append(...record.ways.map(way));
  record.qr ? (made.querySelector(".item-qr").src = record.qr) : made.querySelector(".item-qr").remove();
  return made;
}
