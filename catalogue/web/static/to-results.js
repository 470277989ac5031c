// The way back from a document to the results it was found in: a kiosk's browser has no Back button. The browser itself
// says which page came before (document.referrer); nothing is kept. Of the results of another site there is no way back.

const place = document.querySelector(".to-results");
const link = place.querySelector("a");

function isOfResults(address) {
  const { origin, pathname } = new URL(address);
  return origin === location.origin && /^\/[a-z]+\/search$/.test(pathname);
}

const bare = (address) => address.split("#")[0];

// Where the page before this one is the results, going back shows them as they were left, scrolled to the same place.
// Places on this page (the skip link's) are entries of their own. Returns how many to go back, 0 where it is not so.
function stepsBack(address) {
  if (!window.navigation) return 0;
  const entries = navigation.entries();
  const here = navigation.currentEntry.index;
  let before = here - 1;
  while (before >= 0 && bare(entries[before].url) === bare(location.href)) before -= 1;
  return before >= 0 && bare(entries[before].url) === address ? here - before : 0;
}

if (document.referrer && isOfResults(document.referrer)) {
  link.href = document.referrer;
  place.hidden = false;
  link.addEventListener("click", (event) => {
    const steps = stepsBack(link.href);
    if (event.ctrlKey || event.metaKey || event.shiftKey || !steps) return;
    event.preventDefault();
    history.go(-steps);
  });
}
