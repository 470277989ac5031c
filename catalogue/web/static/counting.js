// Tells the server that something happened, and nothing else: "print", "list", "reading-help", "read-aloud". It adds one
// to a sum of the month. Where it cannot, nobody waits for it and nothing is kept for later.

export function tell(what) {
  const bar = document.querySelector(".visit-bar");
  if (bar && navigator.sendBeacon) navigator.sendBeacon(bar.dataset.count, what);
}
