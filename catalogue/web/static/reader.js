// A PDF on a record's page: where the browser has no reader of its own (tablets), a link instead of an empty frame.

const box = document.getElementById("reader");

if (navigator.pdfViewerEnabled === false) {
  box.querySelector("iframe").remove();
  box.querySelector(".reader-none").hidden = false;
}
if (location.hash === "#reader") box.focus({ preventScroll: true });
