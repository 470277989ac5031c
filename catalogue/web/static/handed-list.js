// A list that was handed over by code: take it into the list of this tab, print it.

import { MOST, read, works, write } from "./list-store.js";

const handed = document.querySelector("[data-handed]");
const actions = handed.querySelector(".list-actions");
const said = actions.querySelector("[role=status]");
const take = actions.querySelector("[data-do=take]");

take.addEventListener("click", () => {
  const all = [...new Set([...read(), ...actions.dataset.ids.split(",").filter(Boolean)])];
  said.textContent = all.length <= MOST && write(all) ? handed.dataset.taken : handed.dataset.full;
});
actions.querySelector("[data-do=print]").addEventListener("click", () => window.print());
take.hidden = !works() || !actions.dataset.ids;
actions.hidden = false;
