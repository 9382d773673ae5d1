/**
 * Takes placeholders away once the picture over them is there: transparent ones
 * would let them shine through.
 */
export function pictures(): void {
  document.addEventListener("load", (event) => uncover(event.target), true)
  for (const picture of document.querySelectorAll<HTMLImageElement>(".listing-picture")) {
    if (picture.complete && picture.naturalWidth > 0) uncover(picture)
  }
}

function uncover(target: EventTarget | null): void {
  if (!(target instanceof HTMLImageElement) || !target.classList.contains("listing-picture")) return
  const sketch = target.previousElementSibling
  if (!sketch?.classList.contains("listing-sketch")) return
  const remove = () => sketch.remove()
  target.decode().then(remove, remove) // not before it can be painted
}
