/**
 * `<button data-reveal="id" aria-pressed hidden>` shows what is typed into the
 * password field of that id, and hides it again when the form is sent, so that
 * browsers do not remember it as a text.
 */
export function revealButtons(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-reveal]")) {
    const field = document.getElementById(button.dataset["reveal"] ?? "")
    if (!(field instanceof HTMLInputElement)) continue
    const show = (on: boolean): void => {
      field.type = on ? "text" : "password"
      button.setAttribute("aria-pressed", String(on))
    }
    button.hidden = false
    button.addEventListener("click", () => {
      show(field.type === "password")
      field.focus()
    })
    field.form?.addEventListener("submit", () => show(false))
  }
}
