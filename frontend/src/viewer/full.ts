import { announce } from "../base/copy"
import { text } from "../text"

/**
 * Takes the placeholder away once the picture is there, and loads the original in
 * place of the lighter one where somebody asks for it.
 */
export function full(): void {
  const canvas = document.querySelector<HTMLElement>(".file-canvas")
  const picture = canvas?.querySelector<HTMLImageElement>("#image-viewer img")
  if (!canvas || !picture) return
  const arrived = () => (canvas.dataset["arrived"] = "")
  if (picture.complete && picture.naturalWidth > 0) arrived()
  else picture.addEventListener("load", arrived, { once: true })

  const link = canvas.querySelector<HTMLAnchorElement>("[data-full]")
  link?.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    link.classList.add("file-loading")
    const original = new Image()
    original.addEventListener("load", () => {
      picture.src = original.src
      link.remove()
    })
    original.addEventListener("error", () => {
      link.classList.remove("file-loading")
      announce(text("js.viewer.not_loaded"))
    })
    original.src = link.href
  })
}
