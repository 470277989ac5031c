// The list of records: one tick for all on the page, and how many are chosen, said on the button.
const form = document.querySelector("[data-choose]")

if (form) {
  const rows = [...form.querySelectorAll('[name="id"]')]
  const all = form.querySelector("[data-all]")
  const count = form.querySelector("[data-count]")
  let last = null

  const tell = () => {
    const chosen = rows.filter((row) => row.checked).length
    all.checked = chosen === rows.length
    all.indeterminate = chosen > 0 && chosen < rows.length
    count.textContent = chosen ? ` (${chosen})` : ""
    for (const row of rows) row.closest("tr").classList.toggle("chosen", row.checked)
  }

  // With Shift held, everything between this tick and the last one gets the same.
  form.addEventListener("click", (event) => {
    const row = rows.indexOf(event.target)
    if (row < 0) return
    if (event.shiftKey && last !== null) {
      const [from, to] = [Math.min(row, last), Math.max(row, last)]
      for (const between of rows.slice(from, to + 1)) between.checked = event.target.checked
    }
    last = row
  })
  all.addEventListener("change", () => {
    for (const row of rows) row.checked = all.checked
  })
  form.addEventListener("change", tell)
  all.closest("label").hidden = false
  tell()
}
