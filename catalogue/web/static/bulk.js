// How many records are to change: only the values that the chosen deed asks for are shown.
const form = document.querySelector("[data-bulk]")

if (form) {
  const values = [...form.querySelectorAll("[data-value]")]
  const show = () => {
    const deed = form.querySelector('[name="does"]:checked')
    if (!deed) return
    const needs = deed.dataset.needs.split(" ")
    for (const value of values) value.hidden = !needs.includes(value.dataset.value)
  }
  form.addEventListener("change", show)
  show()
}
