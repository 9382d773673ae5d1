/**
 * Menus are `<details class="panel">` or daisyUI's dropdown, and open without scripts.
 * This closes them at Escape, and when something else is clicked or comes into focus.
 */
export function menus(): void {
  for (const type of ["click", "focusin"]) {
    document.addEventListener(type, (event) => closeAll(event.target as Node | null))
  }
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return
    const open = (event.target as Element | null)?.closest<HTMLDetailsElement>("details:is(.panel, .dropdown)[open]")
    closeAll(null)
    open?.querySelector("summary")?.focus()
  })
}

/** Closes the menus around which this is not. */
function closeAll(inside: Node | null): void {
  for (const menu of document.querySelectorAll<HTMLDetailsElement>("details:is(.panel, .dropdown)[open]")) {
    if (!inside || !menu.contains(inside)) menu.open = false
  }
}
