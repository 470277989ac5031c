// Runs before anything of a page is painted. It tells stylesheets that script runs, puts the reading help on, and
// keeps the pages of a visit that has ended from showing: an entry of the tab's history that belongs to an earlier
// visit replaces itself with the entrance. A visit has a random name, kept in the tab (sessionStorage) and on each
// entry of its history (history.state); it never leaves the browser. Where the tab keeps nothing, nothing is done.

(function () {
  const root = document.documentElement;
  const page = document.currentScript.dataset.page; // visit, entrance, end or desk
  root.dataset.script = "";

  let store;
  let visit; // the name of the visit that this page was shown in
  try {
    store = window.sessionStorage;
    store.getItem("catalogue.visit");
  } catch (refused) {
    return;
  }

  function stamp() {
    if (mark() !== visit) history.replaceState(Object.assign({}, history.state, { visit }), "");
  }

  function mark() {
    return (history.state && history.state.visit) || null;
  }

  function begin() {
    visit = Math.random().toString(36).slice(2);
    store.setItem("catalogue.visit", visit);
    if (window.navigation) store.setItem("catalogue.first", window.navigation.currentEntry.key);
  }

  function wipe() {
    store.clear();
    try {
      localStorage.clear();
    } catch (refused) {
      // then nothing can be in it either
    }
  }

  function leaveFor(address) {
    root.hidden = true;
    location.replace(address);
  }

  function isOver() {
    const until = Number(store.getItem("catalogue.until"));
    return until > 0 && Date.now() > until;
  }

  // A page that comes back by Back, Forward or a restored tab, and is not of the present visit.
  function isOfAnother() {
    const [how] = performance.getEntriesByType("navigation");
    if (mark()) return mark() !== store.getItem("catalogue.visit");
    return Boolean(how) && how.type === "back_forward";
  }

  // Whoever ends a visit goes back to the first entry of the tab (see ending.js): from there the others are dropped.
  function isEnding() {
    const address = store.getItem("catalogue.ending");
    store.removeItem("catalogue.ending");
    if (address) leaveFor(address);
    return Boolean(address);
  }

  function open() {
    if (isEnding()) return;
    if (page === "end" || isOver()) wipe();
    visit = store.getItem("catalogue.visit");
    if (page === "visit" && isOfAnother()) {
      leaveFor("/");
      return;
    }
    if (!visit) begin();
    stamp();
    help();
  }

  function help() {
    let chosen = {};
    try {
      chosen = JSON.parse(store.getItem("catalogue.reading")) || {};
    } catch (damaged) {
      store.removeItem("catalogue.reading");
    }
    ["text", "contrast", "spacing", "easy"].forEach((name) => {
      if (chosen[name]) root.dataset[name] = chosen[name];
      else delete root.dataset[name];
    });
    if (store.getItem("catalogue.away")) root.dataset.away = "";
    else delete root.dataset.away;
  }

  // From the back/forward cache a page comes as it was left: it was left hidden, and shows only after the check.
  function comeBack() {
    if (isEnding()) return;
    if (isOver()) wipe();
    if (page === "visit" && store.getItem("catalogue.visit") !== visit) {
      leaveFor("/");
      return;
    }
    help();
    root.hidden = false;
  }

  open();
  // Places on the same page, and what scripts push, are entries of their own.
  window.addEventListener("hashchange", stamp);
  window.addEventListener("popstate", stamp);
  if (window.navigation) window.navigation.addEventListener("currententrychange", stamp);
  window.addEventListener("pagehide", (event) => {
    if (event.persisted) root.hidden = true;
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) comeBack();
  });
})();
