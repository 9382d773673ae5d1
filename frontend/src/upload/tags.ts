import { announce } from "../base/copy"
import { text } from "../text"

/** How long the keyboard must be still before tags are asked for, in milliseconds. */
const pause = 200

let lists = 0

/** Completion of the last tag in a field of tags by comma: a list below it, by keyboard and touch. */
export function completeTags(field: HTMLInputElement): void {
  const address = field.dataset["tags"]
  if (!address) return
  const list = document.createElement("ul")
  list.className = "tag-choices"
  list.id = `tags-${++lists}`
  list.role = "listbox"
  list.hidden = true
  list.setAttribute("aria-label", field.labels?.[0]?.textContent ?? "")
  field.after(list)
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id })) field.setAttribute(name, value)

  let timer = 0
  let chosen = -1
  const options = () => [...list.children] as HTMLElement[]
  const close = () => {
    list.hidden = true
    chosen = -1
    field.setAttribute("aria-expanded", "false")
    field.removeAttribute("aria-activedescendant")
  }
  const take = (tag: string) => {
    const before = field.value.slice(0, field.value.lastIndexOf(",") + 1)
    field.value = `${before ? `${before} ` : ""}${tag}, `
    close()
    field.focus()
  }
  const mark = (at: number) => {
    chosen = (at + options().length) % options().length
    for (const [i, option] of options().entries()) option.setAttribute("aria-selected", String(i === chosen))
    const option = options()[chosen]
    if (option) field.setAttribute("aria-activedescendant", option.id)
    option?.scrollIntoView({ block: "nearest" })
  }
  const ask = async () => {
    const begun = field.value.slice(field.value.lastIndexOf(",") + 1).trim()
    const tags = (begun ? await fetchTags(address, begun) : []).filter((tag) => tag !== begun)
    if (begun !== field.value.slice(field.value.lastIndexOf(",") + 1).trim()) return // typed on meanwhile
    list.replaceChildren(...tags.map((tag, i) => tagOption(`${list.id}-${i}`, tag)))
    if (tags.length === 0) return close()
    chosen = -1
    list.hidden = false
    field.setAttribute("aria-expanded", "true")
    announce(text("js.upload.tag_choices", { count: tags.length }))
  }
  field.addEventListener("input", () => {
    clearTimeout(timer)
    timer = setTimeout(() => void ask(), pause)
  })
  field.addEventListener("keydown", (event) => {
    if (list.hidden) return
    if (event.key === "ArrowDown") mark(chosen + 1)
    else if (event.key === "ArrowUp") mark(chosen - 1)
    else if (event.key === "Enter" && chosen >= 0) take(options()[chosen]?.textContent ?? "")
    else if (event.key === "Escape") close()
    else return
    event.preventDefault()
    event.stopPropagation()
  })
  field.addEventListener("blur", () => setTimeout(close, 150))
  list.addEventListener("pointerdown", (event) => {
    event.preventDefault() // the field keeps the focus
    const option = (event.target as Element).closest("li")
    if (option) take(option.textContent ?? "")
  })
}

function tagOption(id: string, tag: string): HTMLElement {
  const option = document.createElement("li")
  option.id = id
  option.role = "option"
  option.textContent = tag
  return option
}

/** Tags that begin so; none where the server does not say. */
async function fetchTags(address: string, begun: string): Promise<string[]> {
  try {
    const response = await fetch(`${address}?q=${encodeURIComponent(begun)}`, { headers: { Accept: "application/json" } })
    const found = (await response.json()) as { name: string }[]
    return response.ok ? found.map((tag) => tag.name) : []
  } catch {
    return []
  }
}
