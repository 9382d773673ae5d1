import { showTab } from "./tabs"

/** Somebody does not want single keys: the same choice as on lists. */
const stored = "list-keys"

/** Single keys: those that elements name in data-key, the arrows, and some more. "?" shows them. */
export function keys(): void {
  const help = document.querySelector<HTMLDialogElement>("#keys")
  if (!help) return
  const back = document.dir === "rtl" ? "on" : "back"
  const on = document.dir === "rtl" ? "back" : "on"
  const deeds: Record<string, () => void> = {
    ArrowLeft: () => click(`[data-turn=${back}]`),
    ArrowRight: () => click(`[data-turn=${on}]`),
    z: () => click("[data-zoom]"),
    k: () => {
      showTab("codes")
      document.querySelector<HTMLInputElement>("#codes input")?.focus()
    },
  }
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || busy(event.target)) return
    if (event.key === "?") return help.showModal()
    const arrow = event.key.startsWith("Arrow")
    if (!arrow && off() || event.shiftKey) return
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key
    const element = [...document.querySelectorAll<HTMLElement>("[data-key]")].find((one) => one.dataset["key"] === key)
    const deed = deeds[key] ?? (element && (() => element.click()))
    if (!deed) return
    event.preventDefault()
    deed()
  })
  const wanted = help.querySelector<HTMLInputElement>("[data-keys]")
  if (!wanted) return
  wanted.checked = !off()
  wanted.addEventListener("change", () => {
    try {
      localStorage.setItem(stored, wanted.checked ? "on" : "off")
    } catch {
      // Nothing is kept in this browser: it holds until the page is left.
    }
  })
}

function off(): boolean {
  try {
    return localStorage.getItem(stored) === "off"
  } catch {
    return false
  }
}

/** Whether keys belong to somebody else: a field, a film, a dialog, an open menu, the lightbox. */
function busy(target: EventTarget | null): boolean {
  if (document.querySelector("dialog[open], details.dropdown[open], details.panel[open], .pswp")) return true
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select, video, .file-sphere *"))
}

function click(selector: string): void {
  document.querySelector<HTMLElement>(selector)?.click()
}
