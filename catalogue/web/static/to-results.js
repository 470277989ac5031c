// The way back from a document to the results it was found in: a kiosk's browser has no Back button. The browser itself
// says which page came before (document.referrer); nothing is kept. Of the results of another site there is no way back.

const place = document.querySelector(".to-results");
const link = place.querySelector("a");

function isOfResults(address) {
  const { origin, pathname } = new URL(address);
  return origin === location.origin && /^\/[a-z]+\/search$/.test(pathname);
}

// Where the results are the entry before this one, going back shows them as they were left, scrolled to the same place.
function isEntryBefore(address) {
  const navigation = window.navigation;
  const before = navigation && navigation.entries()[navigation.currentEntry.index - 1];
  return Boolean(before) && before.url.split("#")[0] === address;
}

if (document.referrer && isOfResults(document.referrer)) {
  link.href = document.referrer;
  place.hidden = false;
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || !isEntryBefore(link.href)) return;
    event.preventDefault();
    history.back();
  });
}
