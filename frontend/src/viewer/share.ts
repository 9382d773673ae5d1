/**
 * The share button opens what the system has for that, else a dialog of ours.
 * Without scripts it is a letter.
 */
export function share(): void {
  const link = document.querySelector<HTMLAnchorElement>("[data-share]")
  const dialog = document.querySelector<HTMLDialogElement>("#share")
  if (!link || !dialog) return
  link.setAttribute("role", "button")
  link.setAttribute("aria-haspopup", "dialog")
  link.addEventListener("keydown", (event) => {
    if (event.key !== " ") return
    event.preventDefault()
    link.click()
  })
  link.addEventListener("click", (event) => {
    event.preventDefault()
    void open(dialog)
  })
}

async function open(dialog: HTMLDialogElement): Promise<void> {
  const url = dialog.querySelector<HTMLInputElement>("#share-link")!.value
  const title = document.querySelector("h1")?.textContent ?? ""
  if (navigator.canShare?.({ url, title })) {
    try {
      return await navigator.share({ url, title })
    } catch (problem) {
      if ((problem as DOMException).name === "AbortError") return // they thought better of it
    }
  }
  dialog.showModal()
}
