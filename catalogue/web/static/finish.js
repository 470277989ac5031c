// "I have finished" while documents are on the list: a dialog says that they will be erased, and leads to where they
// can be printed or taken along. With an empty list nothing is asked.

import { read } from "./list-store.js";

const dialog = document.querySelector(".finish");

/** Ask what shall become of the list of this tab. Returns whether there is one to ask about. */
export function askAboutList() {
  const count = read().length;
  if (!count) return false;
  dialog.querySelectorAll("[data-many]").forEach((title) => {
    title.textContent = count === 1 ? title.dataset.one : title.dataset.many.replace("#", count);
  });
  dialog.showModal();
  return true;
}

// A link may lead to a place on this very page.
dialog.addEventListener("click", (event) => {
  if (event.target.closest("a, [data-finish=back]")) dialog.close();
});
