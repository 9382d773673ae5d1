/**
 * Loads the pictures before and after this one when everything else is there,
 * unless somebody saves data: turning the page then shows them at once.
 */
export function neighbours(): void {
  const connection = (navigator as Navigator & { connection?: { saveData?: boolean } }).connection
  if (connection?.saveData) return
  const links = [...document.querySelectorAll<HTMLElement>("[data-picture]")]
  if (links.length === 0) return
  const load = () => {
    for (const link of links) new Image().src = link.dataset["picture"]!
  }
  const wait = () => ("requestIdleCallback" in window ? requestIdleCallback(load, { timeout: 3000 }) : setTimeout(load, 1000))
  if (document.readyState === "complete") wait()
  else addEventListener("load", wait, { once: true })
}
