/**
 * Menus are `<details class="panel">`, which open without scripts. This
 * closes them at Escape, at a click elsewhere and when another opens.
 */
export function menus(): void {
  document.addEventListener("click", (event) => closeAll(event.target as Node | null))
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return
    const open = (event.target as Element | null)?.closest<HTMLDetailsElement>("details:is(.panel, .dropdown)[open]")
    closeAll(null)
    open?.querySelector("summary")?.focus()
  })
}

/** Closes the menus around which nothing was clicked. */
function closeAll(inside: Node | null): void {
  for (const menu of document.querySelectorAll<HTMLDetailsElement>("details:is(.panel, .dropdown)[open]")) {
    if (!inside || !menu.contains(inside)) menu.open = false
  }
}
