import { announce } from "../base/copy"
import { text } from "../text"

/**
 * A click on the picture shows it in a lightbox, where one can zoom into it and
 * swipe through its album. The lightbox is loaded when it is wanted. Without
 * scripts the link leads to the picture itself.
 */
export function zoom(): void {
  const link = document.querySelector<HTMLAnchorElement>("[data-zoom]")
  if (!link) return
  const prepare = () => void import("./lightbox")
  link.addEventListener("pointerenter", prepare, { once: true })
  link.addEventListener("focus", prepare, { once: true })
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    import("./lightbox").then(
      ({ lightbox }) => lightbox(link),
      () => announce(text("js.viewer.failed")),
    )
  })
}
