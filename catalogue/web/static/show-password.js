// A box that shows what was typed as a password, in the form it stands in. Hidden where no script runs.

for (const label of document.querySelectorAll(".show-password")) {
  const fields = label.closest("form").querySelectorAll("input[type=password]");
  const box = label.querySelector("input");
  label.hidden = false;
  box.addEventListener("change", () => {
    for (const field of fields) field.type = box.checked ? "text" : "password";
  });
  // Sent as a password again, so that the browser does not keep it among the texts it remembers.
  label.closest("form").addEventListener("submit", () => {
    for (const field of fields) field.type = "password";
  });
}
