import { announce } from "../base/copy"
import { text } from "../text"
import { part } from "./ask"

/** How many parts come by themselves before somebody has to ask: what stands below the list can be reached. */
const byItself = 5

/** How many parts are brought again for somebody who comes back. */
const mostAgain = 20

/**
 * Endless lists: the link to the next part brings it here, by itself when it
 * comes near. Where that does not work it is a link like any other.
 */
export function endless(): void {
  let brought = 0
  let parts = 0
  let watching = false
  const near = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue
        near.unobserve(entry.target)
        if (brought++ < byItself) void bring(entry.target as HTMLAnchorElement, false)
      }
    },
    { rootMargin: "1000px 0px" },
  )
  const watch = () => {
    watching = true
    document.querySelectorAll("a[data-pagination=next]").forEach((link) => near.observe(link))
  }

  async function bring(link: HTMLAnchorElement, asked: boolean): Promise<void> {
    if (link.getAttribute("aria-busy")) return
    const label = link.textContent
    link.setAttribute("aria-busy", "true")
    link.textContent = text("js.list.loading")
    try {
      append(link, await part(link.href), asked)
      parts++
      if (watching) watch()
    } catch {
      link.removeAttribute("aria-busy")
      link.textContent = label
      link.dataset["plain"] = "" // the browser says better what is wrong
      if (asked) location.assign(link.href)
    }
  }

  document.addEventListener("click", (event) => {
    const link = (event.target as Element | null)?.closest<HTMLAnchorElement>("a[data-pagination=next]")
    if (!link || "plain" in link.dataset || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return
    event.preventDefault()
    brought = 0
    void bring(link, true)
  })
  // Who comes back finds the list as long as it was, at the same place.
  addEventListener("pagehide", () => history.replaceState({ ...kept(), parts, top: scrollY }, ""))
  void restore().then(watch)

  async function restore(): Promise<void> {
    const { parts: wanted = 0, top = 0 } = kept()
    const [visit] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[]
    if (visit?.type !== "back_forward") return
    while (parts < Math.min(wanted, mostAgain)) {
      const link = document.querySelector<HTMLAnchorElement>("a[data-pagination=next]")
      const before = parts
      if (link) await bring(link, false)
      if (parts === before) return
    }
    if (wanted > 0) scrollTo({ top, behavior: "instant" })
  }
}

/** What the history keeps of this page. */
function kept(): { parts?: number; top?: number } {
  return (history.state ?? {}) as { parts?: number; top?: number }
}

/** Puts the next part behind the list before the link. Who asked for it goes on at its first item. */
function append(link: HTMLAnchorElement, next: HTMLElement, asked: boolean): void {
  const lists = document.querySelectorAll(".listing, .album-cards, .user-cards")
  const list = [...lists].filter((l) => l.compareDocumentPosition(link) & Node.DOCUMENT_POSITION_FOLLOWING).pop()
  const items = [...next.querySelectorAll(":scope > ul > li")]
  const place = link.closest(".listing-more")
  const more = next.querySelector(".listing-more")
  if (!list || !place) throw new Error("no list")
  const focused = asked || document.activeElement === link
  list.append(...items)
  if (more) place.replaceWith(more)
  else place.remove()
  announce(text("js.list.more", { count: items.length }))
  if (focused) items[0]?.querySelector("a")?.focus()
  document.dispatchEvent(new CustomEvent("list:more"))
}
