import { addressOf } from "../list/ask"
import { free } from "../list/keys"

/**
 * Single keys on pages of albums. Links and buttons say theirs in data-key. H makes
 * the one file that is chosen, or the focused one, the cover of the album.
 */
export function albumKeys(): void {
  document.addEventListener("keydown", (event) => {
    if (!free(event) || event.shiftKey) return
    const key = event.key.toLowerCase()
    const target = document.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)
    if (!target && key !== "h") return
    event.preventDefault()
    if (target) target.click()
    else cover()
  })
}

/** Sends a form, as somebody without scripts would: the page after it tells what was done. */
function cover(): void {
  const list = document.querySelector<HTMLFormElement>(".list-form[data-album]")
  if (!list) return
  const mine = [...list.querySelectorAll<HTMLInputElement>(".listing-select input[data-mine]")]
  const chosen = mine.filter((box) => box.checked)
  const focused = mine.find((box) => box.closest(".listing-cell")?.contains(document.activeElement))
  const file = chosen.length > 1 ? undefined : (chosen[0] ?? focused)
  if (!file) return
  const form = document.createElement("form")
  form.method = "post"
  form.action = addressOf(list, `../album/${list.dataset["album"]}/cover`)
  const field = document.createElement("input")
  field.type = "hidden"
  field.name = "file"
  field.value = file.value
  form.append(field)
  document.body.append(form)
  form.submit()
}
