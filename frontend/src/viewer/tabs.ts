/**
 * Makes tabs of the sections of a page: one is seen at a time, named by the hash
 * of the address. Without scripts the sections stand below each other, and their
 * links jump.
 */
export function tabs(): void {
  const root = document.querySelector<HTMLElement>("[data-tabs]")
  const list = root?.querySelector("nav")
  if (!root || !list) return
  const links = [...list.querySelectorAll<HTMLAnchorElement>("a")]
  const panels = links.map((link) => document.querySelector<HTMLElement>(link.hash)!)

  function select(chosen: number): void {
    links.forEach((link, i) => {
      link.setAttribute("aria-selected", String(i === chosen))
      link.classList.toggle("tab-active", i === chosen)
      link.tabIndex = i === chosen ? 0 : -1
      panels[i]!.hidden = i !== chosen
    })
  }

  function follow(): void {
    const named = links.findIndex((link) => link.hash === location.hash)
    select(Math.max(named, 0))
  }

  list.setAttribute("role", "tablist")
  links.forEach((link, i) => {
    const panel = panels[i]!
    link.id = `tab-${panel.id}`
    link.setAttribute("role", "tab")
    link.setAttribute("aria-controls", panel.id)
    panel.setAttribute("role", "tabpanel")
    panel.setAttribute("aria-labelledby", link.id)
  })
  root.dataset["tabs"] = "live"
  follow()

  list.addEventListener("click", (event) => {
    const at = links.indexOf(event.target as HTMLAnchorElement)
    if (at < 0 || event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault() // a jump would move the page
    history.replaceState(null, "", links[at]!.hash)
    select(at)
  })
  list.addEventListener("keydown", (event) => {
    const at = links.indexOf(event.target as HTMLAnchorElement)
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key]
    if (at < 0 || next === undefined) return
    event.preventDefault()
    const mirrored = document.dir === "rtl" && event.key.startsWith("Arrow") ? 2 * at - next : next
    const chosen = links.at(mirrored % links.length)!
    chosen.focus()
    chosen.click()
  })
  // Who comes by keyboard gets on to a section of mere text too. Not before: an
  // address with a hash would put the focus, and its frame, around the section.
  list.addEventListener("focusin", () => {
    for (const panel of panels) if (!panel.querySelector("a, input, button")) panel.tabIndex = 0
  }, { once: true })
  addEventListener("hashchange", follow)
}

/** Shows the section with this id and moves there. */
export function showTab(id: string): void {
  const link = document.querySelector<HTMLElement>(`[data-tabs] nav a[href="#${id}"]`)
  link?.click()
  link?.scrollIntoView({ block: "nearest" })
}
