import { announce } from "../base/copy"
import { text } from "../text"
import { addressOf, ask, Refusal } from "./ask"
import type { Selection } from "./selection"

/** Likes the file of an item, or not any more if it was liked here just now. */
export async function like(cell: Element | null, selection: Selection): Promise<void> {
  const box = cell?.querySelector<HTMLInputElement>(".listing-select input")
  if (!cell || !box) return
  const on = !cell.classList.contains("listing-liked")
  const fields = new FormData()
  fields.append("file", box.value)
  fields.append("on", on ? "1" : "0")
  try {
    const answer = await ask(addressOf(selection.form, "like"), fields)
    const { liked, likes, noun } = (await answer.json()) as { liked: boolean; likes: number; noun: string }
    cell.classList.toggle("listing-liked", liked)
    announce(`${likes} ${noun}`)
  } catch (problem) {
    const message = problem instanceof Refusal ? problem.message : text("js.list.error")
    selection.say(message)
    announce(message)
  }
}
