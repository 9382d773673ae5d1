import { addressOf, part } from "./ask"
import type { Deeds } from "./deeds"
import { openDialog } from "./dialog"
import { like } from "./like"
import type { Selection } from "./selection"

const stored = "list-keys" // "off": somebody does not want them

/** Single keys on lists. "?" shows them, and lets people switch them off. */
export function keys(selection: Selection, deeds: Deeds): void {
  const deed: Record<string, () => unknown> = {
    ".": () => selection.all(),
    z: () => selection.none(),
    x: () => chooseFocused(false),
    X: () => chooseFocused(true),
    e: () => deeds.open("edit"),
    m: () => deeds.open("move"),
    c: () => deeds.open("edit", "category"),
    k: () => deeds.open("codes"),
    v: () => deeds.set({ nsfw: "0" }),
    f: () => deeds.set({ nsfw: "1" }),
    l: () => like(cellOf(document.activeElement), selection),
    Delete: () => deeds.open("delete"),
    ArrowLeft: () => step(document.dir === "rtl" ? 1 : -1),
    ArrowRight: () => step(document.dir === "rtl" ? -1 : 1),
    ArrowUp: () => jump(-1),
    ArrowDown: () => jump(1),
  }

  function chooseFocused(range: boolean): void {
    const box = cellOf(document.activeElement)?.querySelector<HTMLInputElement>(".listing-select input")
    if (box) selection.toggle(box, range)
  }

  document.addEventListener("keydown", (event) => {
    if (taken(event)) return
    if (event.key === "?") return void help(selection)
    if (event.key === "Escape" && selection.active()) return selection.none()
    const arrow = event.key.startsWith("Arrow")
    if (arrow ? !cellOf(document.activeElement) || event.shiftKey : off()) return
    const found = deed[event.key] ?? (event.shiftKey ? undefined : deed[event.key.toLowerCase()])
    if (!found) return
    event.preventDefault()
    void found()
  })
}

/** Whether a single key is ours: nobody else uses it, and the visitor wants such keys. */
export function free(event: KeyboardEvent): boolean {
  return !taken(event) && !off()
}

function taken(event: KeyboardEvent): boolean {
  return event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || busy(event.target)
}

function off(): boolean {
  try {
    return localStorage.getItem(stored) === "off"
  } catch {
    return false
  }
}

/** Whether keys belong to somebody else: a field, a dialog, an open menu. */
function busy(target: EventTarget | null): boolean {
  if (document.querySelector("dialog[open], details:is(.panel, .dropdown)[open]")) return true
  if (!(target instanceof HTMLElement)) return false
  return target.isContentEditable || (target.matches("input, textarea, select") && !target.matches("[type=checkbox]"))
}

function cellOf(element: Element | null): Element | null {
  return element?.closest(".listing-cell") ?? null
}

function focus(cell: Element | null | undefined): void {
  const link = cell?.querySelector<HTMLElement>(".image-container")
  link?.focus({ preventScroll: true })
  link?.scrollIntoView({ block: "nearest" })
}

/** Goes to the item before or behind. */
function step(by: number): void {
  const cell = cellOf(document.activeElement)
  focus(by < 0 ? cell?.previousElementSibling : cell?.nextElementSibling)
}

/** Goes to the item above or below: of those in that direction the nearest row, there the nearest middle. */
function jump(by: number): void {
  const cell = cellOf(document.activeElement)
  if (!cell) return
  const here = cell.getBoundingClientRect()
  const distance = (other: DOMRect) => by * (other.top - here.top)
  let best: Element | null = null
  let least = Infinity
  for (const other of cell.parentElement?.children ?? []) {
    const there = other.getBoundingClientRect()
    if (distance(there) < here.height / 2) continue
    const away = distance(there) * 1000 + Math.abs(there.left + there.width / 2 - here.left - here.width / 2)
    if (away < least) [best, least] = [other, away]
  }
  focus(best)
}

async function help(selection: Selection): Promise<void> {
  const shown = await part(addressOf(selection.form, "keys")).catch(() => null)
  if (!shown) return
  const dialog = openDialog(shown.querySelector("caption")?.textContent ?? "?", [...shown.childNodes])
  const wanted = dialog.querySelector<HTMLInputElement>("[data-keys]")
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
