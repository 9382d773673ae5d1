import { text } from "../text"

let opened = 0

/** Opens a dialog with a title around what it is given; it goes away when it is closed. */
export function openDialog(title: string, content: readonly Node[]): HTMLDialogElement {
  const dialog = document.createElement("dialog")
  const heading = document.createElement("h2")
  const close = document.createElement("button")
  const box = document.createElement("div")
  dialog.className = "modal list-dialog"
  heading.id = `dialog-${++opened}`
  heading.textContent = title
  dialog.setAttribute("aria-labelledby", heading.id)
  close.type = "button"
  close.className = "btn btn-ghost list-dialog-close"
  close.setAttribute("aria-label", text("js.list.close"))
  close.textContent = "×"
  box.className = "modal-box"
  box.append(heading, close, ...content)
  dialog.append(box)
  dialog.addEventListener("click", (event) => {
    const target = event.target as Element
    if (target !== dialog && target !== close && !target.closest("[data-close]")) return
    event.preventDefault()
    dialog.close()
  })
  dialog.addEventListener("close", () => dialog.remove())
  document.body.append(dialog)
  dialog.showModal()
  return dialog
}
