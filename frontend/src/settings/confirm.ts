/** Forms with `data-confirm` ask this question before they are sent. */
export function confirmForms(): void {
  document.addEventListener("submit", (event) => {
    const question = event.target instanceof HTMLFormElement ? event.target.dataset["confirm"] : undefined
    if (question && !window.confirm(question)) event.preventDefault()
  })
}
