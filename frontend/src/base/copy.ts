import { text } from "../text"

/**
 * Copy buttons: a click on `<button data-copy="#id">` puts the value or the text
 * of that element on the clipboard, `<button data-copy data-copy-text="…">` the
 * text itself. The button says so for a moment; without scripts it is hidden.
 */
export function copyButtons(): void {
  document.addEventListener("click", (event) => {
    const button = (event.target as Element | null)?.closest<HTMLElement>("[data-copy]")
    if (button) void copy(button)
  })
}

async function copy(button: HTMLElement): Promise<void> {
  const done = await write(wanted(button))
  announce(text(done ? "js.base.copied" : "js.base.copy_failed"))
  if (!done) return
  button.dataset["copied"] = ""
  setTimeout(() => delete button.dataset["copied"], 2000)
}

/** What the button copies. */
function wanted(button: HTMLElement): string {
  const literal = button.dataset["copyText"]
  if (literal !== undefined) return literal
  const source = document.querySelector(button.dataset["copy"] || "#")
  if (source instanceof HTMLInputElement || source instanceof HTMLTextAreaElement) return source.value
  return source?.textContent ?? ""
}

/** Writes to the clipboard, also where the page is not served by https. */
async function write(content: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(content)
    return true
  } catch {
    const area = document.createElement("textarea")
    area.value = content
    area.className = "sr-only"
    document.body.append(area)
    area.select()
    const done = document.execCommand("copy")
    area.remove()
    return done
  }
}

/** Tells people who listen to the page. */
export function announce(message: string): void {
  const region = document.getElementById("announce")
  if (!region) return
  region.textContent = ""
  // A moment later, so that the same words twice are heard twice.
  setTimeout(() => (region.textContent = message), 50)
}
