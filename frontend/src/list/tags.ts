import { addressOf, ask } from "./ask"

let lists = 0

/** Completes the last of the tags in a field, which are separated by commas. */
export function completeTags(field: HTMLInputElement): void {
  const list = document.createElement("datalist")
  list.id = `tags-${++lists}`
  field.after(list)
  field.setAttribute("list", list.id)
  let asked = 0
  let timer = 0
  field.addEventListener("input", () => {
    clearTimeout(timer)
    timer = window.setTimeout(() => void complete(++asked), 150)
  })

  async function complete(turn: number): Promise<void> {
    const at = field.value.lastIndexOf(",") + 1
    const before = at > 0 ? `${field.value.slice(0, at)} ` : ""
    const begun = field.value.slice(at).trim()
    if (!begun) return list.replaceChildren()
    const path = `${addressOf(field.form!, "tags")}?q=${encodeURIComponent(begun)}`
    try {
      const tags = (await (await ask(path)).json()) as { name: string }[]
      if (turn !== asked) return
      list.replaceChildren(...tags.map((tag) => new Option(before + tag.name, before + tag.name)))
    } catch {
      // A tag can be typed to its end.
    }
  }
}
