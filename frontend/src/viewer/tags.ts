/** Completes the last of the tags in the field, which are separated by commas. */
export function tags(): void {
  const field = document.querySelector<HTMLInputElement>("input[data-tags]")
  const list = field?.list
  if (!field || !list) return
  let asked = 0
  let timer = 0
  field.addEventListener("input", () => {
    clearTimeout(timer)
    timer = window.setTimeout(() => void complete(++asked), 150)
  })

  async function complete(turn: number): Promise<void> {
    const at = field!.value.lastIndexOf(",") + 1
    const before = at > 0 ? `${field!.value.slice(0, at)} ` : ""
    const begun = field!.value.slice(at).trim()
    if (!begun) return list!.replaceChildren()
    const path = new URL(field!.dataset["tags"]!, location.href)
    path.searchParams.set("q", begun)
    try {
      const answer = await fetch(path, { headers: { Accept: "application/json" } })
      const known = (await answer.json()) as { name: string }[]
      if (turn === asked && answer.ok) list!.replaceChildren(...known.map((tag) => new Option(before + tag.name, before + tag.name)))
    } catch {
      // A tag can be typed to its end.
    }
  }
}
