/** How long the keyboard must be still before tags are asked for, in milliseconds. */
const pause = 150

let lists = 0

/** Completes the last tag of a field of tags by comma. Its attribute data-tags is where the server completes them. */
export function completeTags(field: HTMLInputElement): void {
  const address = field.dataset["tags"]
  if (!address) return
  const list = document.createElement("datalist")
  list.id = `tags-${++lists}`
  field.after(list)
  field.setAttribute("list", list.id)
  let asked = 0
  let timer = 0
  field.addEventListener("input", () => {
    clearTimeout(timer)
    timer = window.setTimeout(() => void complete(++asked), pause)
  })

  async function complete(turn: number): Promise<void> {
    const at = field.value.lastIndexOf(",") + 1
    const before = at > 0 ? `${field.value.slice(0, at)} ` : ""
    const begun = field.value.slice(at).trim()
    if (!begun) return list.replaceChildren()
    try {
      const answer = await fetch(`${address}?q=${encodeURIComponent(begun)}`, { headers: { Accept: "application/json" } })
      const tags = (await answer.json()) as { name: string }[]
      if (turn === asked && answer.ok) list.replaceChildren(...tags.map((tag) => new Option(before + tag.name, before + tag.name)))
    } catch {
      // A tag can be typed to its end.
    }
  }
}
