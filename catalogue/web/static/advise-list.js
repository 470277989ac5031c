// The button that prints the sheet.

document.getElementById("print").addEventListener("click", () => window.print());
