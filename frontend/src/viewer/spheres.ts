import { announce } from "../base/copy"
import { text } from "../text"

/** Shows the button for looking around in a 360° picture; what that takes is loaded at its click. */
export function spheres(): void {
  const button = document.querySelector<HTMLButtonElement>("[data-sphere]")
  if (!button) return
  button.hidden = false
  button.addEventListener("click", () => {
    button.classList.add("file-loading")
    import("./sphere")
      .then(({ sphere }) => sphere(button.dataset["sphere"]!))
      .then(
        () => button.remove(),
        () => announce(text("js.viewer.failed")),
      )
      .finally(() => button.classList.remove("file-loading"))
  })
}
