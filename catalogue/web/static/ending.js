// The end of a visit: what this tab holds is wiped, and its history is given up as far as a page can do that.

const PATIENCE = 3000; // milliseconds after which a tab that could not go back to its first entry stays where it is

/** Wipe everything of the visit and open `address` in its place. */
export function endVisit(address) {
  document.documentElement.hidden = true;
  const first = sessionStorage.getItem("catalogue.first");
  emptyForms();
  wipe();
  sessionStorage.setItem("catalogue.ending", address);
  toTheFirstEntry(address, first);
}

// The browser keeps what was typed with the entry of the history; there must be nothing in it.
function emptyForms() {
  document.querySelectorAll("input, textarea, select").forEach((field) => {
    if (field.type === "checkbox" || field.type === "radio") field.checked = false;
    else if (field.type !== "hidden" && field.type !== "submit") field.value = "";
  });
}

function wipe() {
  if (window.speechSynthesis) window.speechSynthesis.cancel();
  window.name = "";
  [window.sessionStorage, window.localStorage].forEach((store) => store.clear());
}

// From the first entry of the visit, the next step drops all that came after it: Back and Forward then have nowhere to
// go. before-paint.js turns that entry into `address`. Browsers without this interface keep the entries; each of them
// turns itself into the entrance when someone comes back to it.
function toTheFirstEntry(address, first) {
  const here = () => location.replace(address);
  const navigation = window.navigation;
  if (!navigation || !first || first === navigation.currentEntry.key) {
    here();
    return;
  }
  setTimeout(here, PATIENCE);
  navigation.traverseTo(first).finished.then(here, here);
}
