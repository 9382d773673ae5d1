import { announce } from "../base/copy"
import { completeTags } from "../base/tags"
import { text } from "../text"
import { addressOf, ask, part, Refusal } from "./ask"
import { openDialog } from "./dialog"
import type { Selection } from "./selection"

/** What the server says that it did. */
type Done = { action: string; count: number; message: string }

/** What can be done with the chosen files. */
export class Deeds {
  private readonly selection: Selection

  constructor(selection: Selection) {
    this.selection = selection
    selection.form.addEventListener("submit", (event) => {
      event.preventDefault()
      const button = event.submitter
      if (button instanceof HTMLButtonElement) void this.open(button.value)
    })
  }

  /** Shows the form of an action; focus is the name of the field to begin with. */
  async open(action: string, focus?: string): Promise<void> {
    const button = this.selection.form.querySelector<HTMLButtonElement>(`[name=action][value=${action}]`)
    if (!button || button.disabled) return
    try {
      const shown = await part(addressOf(this.selection.form), this.fields({ action }))
      const dialog = openDialog(button.textContent.trim(), [...shown.childNodes])
      dialog.querySelectorAll<HTMLInputElement>("[data-tags]").forEach(completeTags)
      const first = "input:not([type=hidden]), select, textarea, .btn"
      dialog.querySelector<HTMLElement>(focus ? `[name=${focus}]` : `form :is(${first})`)?.focus()
      dialog.addEventListener("submit", (event) => {
        event.preventDefault()
        const form = event.target
        if (form instanceof HTMLFormElement) void this.send(new FormData(form), dialog)
      })
    } catch (problem) {
      this.tell(problem)
    }
  }

  /** Does it without asking: what can be undone as easily. */
  async set(fields: Record<string, string>): Promise<void> {
    if (!this.selection.chosen().some((box) => "mine" in box.dataset)) return
    await this.send(this.fields({ action: "edit", sure: "1", ...fields }))
  }

  private fields(given: Record<string, string>): FormData {
    const fields = new FormData()
    for (const [name, value] of Object.entries(given)) fields.append(name, value)
    for (const box of this.selection.chosen()) fields.append("ids", box.value)
    fields.append("next", location.pathname + location.search)
    return fields
  }

  private async send(fields: FormData, dialog?: HTMLDialogElement): Promise<void> {
    const buttons = dialog?.querySelectorAll("button") ?? []
    buttons.forEach((button) => (button.disabled = true))
    try {
      const done = (await (await ask(addressOf(this.selection.form), fields)).json()) as Done
      dialog?.close()
      this.show(done, fields)
    } catch (problem) {
      buttons.forEach((button) => (button.disabled = false))
      if (dialog) refuse(dialog, problem)
      else this.tell(problem)
    }
  }

  /** Brings the list up to what was done. */
  private show(done: Done, fields: FormData): void {
    const changed = this.selection.chosen().filter((box) => "mine" in box.dataset)
    const album = this.selection.form.dataset["album"]
    const gone = done.action === "delete" || (done.action === "move" && album !== undefined && fields.get("album") !== album)
    const nsfw = fields.get("nsfw")
    for (const box of changed) {
      const cell = box.closest(".listing-cell")!
      if (gone) cell.remove()
      else if (nsfw) mark(cell, nsfw === "1")
    }
    if (gone && this.selection.boxes().length === 0) {
      location.reload()
      return
    }
    this.selection.none()
    this.selection.say(done.message)
    if (gone) this.selection.form.querySelector<HTMLElement>(".image-container")?.focus()
  }

  private tell(problem: unknown): void {
    const message = problem instanceof Refusal ? problem.message : text("js.list.error")
    this.selection.say(message)
    announce(message)
  }
}

/** Says in a dialog why something was refused. */
function refuse(dialog: HTMLDialogElement, problem: unknown): void {
  let alert = dialog.querySelector<HTMLElement>("[role=alert]")
  if (!alert) {
    alert = document.createElement("p")
    alert.className = "alert alert-error"
    alert.setAttribute("role", "alert")
    dialog.querySelector("form")?.append(alert)
  }
  alert.textContent = problem instanceof Refusal ? problem.message : text("js.list.error")
}

/** Shows that a file is not safe for work, or that it is. */
function mark(cell: Element, nsfw: boolean): void {
  const badge = cell.querySelector(".listing-nsfw")
  if (!nsfw) {
    badge?.remove()
  } else if (!badge) {
    const made = document.createElement("span")
    made.className = "listing-badge listing-nsfw"
    made.textContent = "NSFW"
    cell.querySelector(".listing-badges")?.prepend(made)
  }
}
