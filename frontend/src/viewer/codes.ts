/** A code that is touched is selected as a whole, ready to be copied by hand. */
export function codes(): void {
  document.addEventListener("focusin", (event) => {
    const field = event.target
    if (field instanceof HTMLInputElement && field.readOnly) field.select()
  })
}
