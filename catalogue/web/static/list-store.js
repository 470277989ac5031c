// The visitor's own list: ids of records, in order, in the storage of this tab and nowhere else. No other script
// touches the key. Whatever stands there by accident or mischief is read as far as it makes sense.

const KEY = "catalogue.list";
const ID = /^[a-z0-9-]{2,80}$/; // as in catalogue/shapes.py
export const MOST = 100;

export function clean(ids) {
  if (!Array.isArray(ids)) return [];
  return [...new Set(ids.filter((id) => typeof id === "string" && ID.test(id)))].slice(0, MOST);
}

export function read() {
  try {
    return clean(JSON.parse(sessionStorage.getItem(KEY)));
  } catch {
    return [];
  }
}

// Returns whether the list could be kept. An empty list leaves nothing behind.
export function write(ids) {
  try {
    const kept = clean(ids);
    if (kept.length) sessionStorage.setItem(KEY, JSON.stringify(kept));
    else sessionStorage.removeItem(KEY);
  } catch {
    return false;
  }
  document.dispatchEvent(new CustomEvent("catalogue:list"));
  return true;
}

export function works() {
  try {
    sessionStorage.getItem(KEY);
    return true;
  } catch {
    return false;
  }
}
