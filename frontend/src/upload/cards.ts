import { announce } from "../base/copy"
import { text } from "../text"
import { bytes, find, percent } from "./page"
import { preview } from "./preview"
import { answerOf, stateOf, type Item, type Queue } from "./queue"

/** A file that is refused before it is sent: it has a card, but is not in the queue. */
export interface Refused { name: string; size: number; reason: string }

/** The cards of the queue, each redrawn when its file changes. */
export class Cards {
  private readonly list = find("[data-cards]")
  private readonly template = find<HTMLTemplateElement>("#card")
  private readonly cards = new Map<string, { element: HTMLElement; drawn?: Item; data?: unknown }>()

  constructor(
    private readonly queue: Queue,
    private readonly edit: (id: string) => void,
    /** The code that a card's button copies. */
    private readonly code: (item: Item) => string,
  ) {
    queue.on("state-update", (before, now) => {
      if (before.files !== now.files) this.sync()
    })
    this.list.addEventListener("click", (event) => this.click(event))
  }

  get count(): number {
    return this.list.childElementCount
  }

  /** Draws what has changed. With again, everything. */
  sync(again = false): void {
    const items = this.queue.getFiles()
    for (const [id, card] of this.cards) {
      if (items.some((item) => item.id === id)) continue
      card.element.remove()
      this.cards.delete(id)
    }
    for (const item of items) {
      let card = this.cards.get(item.id)
      if (!card) {
        card = { element: this.add() }
        card.element.dataset["id"] = item.id
        this.cards.set(item.id, card)
      }
      if (card.drawn === item && !again) continue
      card.drawn = item
      this.draw(card.element, item)
      if (card.data !== item.data) {
        card.data = item.data
        void this.show(card.element, item)
      }
    }
  }

  /** Shows why a file is not in the queue. */
  refuse(refused: Refused): void {
    const card = this.add()
    card.dataset["state"] = "failed"
    find("[data-name]", card).textContent = refused.name
    find("[data-status]", card).textContent = refused.reason
    find<HTMLButtonElement>("[data-edit]", card).disabled = true
    label(find("[data-edit]", card), refused.name)
    label(find("[data-remove]", card), text("js.upload.remove", { name: refused.name }))
    announce(`${refused.name}: ${refused.reason}`)
  }

  /** Takes all cards away. */
  clear(): void {
    this.list.replaceChildren()
    this.cards.clear()
  }

  private add(): HTMLElement {
    const card = find("li", this.template.content).cloneNode(true) as HTMLElement
    this.list.append(card)
    return card
  }

  private draw(card: HTMLElement, item: Item): void {
    const state = stateOf(item)
    const answer = answerOf(item)
    const name = item.meta.title || item.name
    card.dataset["state"] = state
    drawName(find("[data-name]", card), answer?.title ?? name, answer?.viewer)
    drawStatus(find("[data-status]", card), item)
    const bar = find<HTMLProgressElement>("[data-progress]", card)
    bar.hidden = state !== "going"
    label(bar, name)
    const sent = item.progress.percentage ?? 0
    if (sent < 100) bar.value = sent
    else bar.removeAttribute("value") // the server is at work on it
    const edit = find<HTMLButtonElement>("[data-edit]", card)
    edit.disabled = state === "going" || state === "done"
    label(edit, text("js.upload.edit", { name }))
    const retry = find("[data-retry]", card)
    retry.hidden = state !== "failed"
    label(retry, text("js.upload.retry", { name }))
    const copy = find("[data-copy]", card)
    copy.hidden = !answer
    copy.dataset["copyText"] = this.code(item)
    label(copy, text("js.upload.copy_one", { name: answer?.title ?? name }))
    const remove = find("[data-remove]", card)
    remove.hidden = state === "done"
    label(remove, text(state === "going" ? "js.upload.cancel" : "js.upload.remove", { name }))
  }

  private async show(card: HTMLElement, item: Item): Promise<void> {
    const place = find("[data-picture]", card)
    const answer = answerOf(item)
    if (answer?.thumb && !(item.data instanceof Blob)) {
      const image = new Image()
      image.alt = ""
      image.src = answer.thumb
      place.replaceChildren(image)
    } else if (item.data instanceof Blob && /^(image|video)\//.test(item.type)) {
      const canvas = await preview(item.data)
      if (canvas) place.replaceChildren(canvas)
    }
  }

  /** Sends a file once more. Uppy does not tell of its end, as it does of every other. */
  private async again(id: string): Promise<void> {
    const ended = await this.queue.retryUpload(id).catch(() => undefined)
    if (ended) this.queue.emit("complete", ended)
  }

  private click(event: Event): void {
    const button = (event.target as Element).closest("button")
    const card = button?.closest("li")
    if (!button || !card) return
    const id = card.dataset["id"]
    if (button.matches("[data-remove]")) {
      const next = (card.nextElementSibling ?? card.previousElementSibling)?.querySelector<HTMLElement>("[data-remove]")
      if (id) this.queue.removeFile(id)
      else card.remove()
      this.list.dispatchEvent(new Event("change", { bubbles: true }))
      ;(next ?? find("[data-browse]")).focus()
    } else if (id && button.matches("[data-retry]")) {
      void this.again(id)
    } else if (id && button.matches("[data-edit]")) {
      this.edit(id)
    }
  }
}

function label(element: Element, words: string): void {
  element.setAttribute("aria-label", words)
}

function drawName(place: HTMLElement, name: string, address?: string): void {
  if (!address) {
    place.textContent = name
    return
  }
  if (place.firstElementChild?.getAttribute("href") === address) return
  const link = document.createElement("a")
  link.className = "link"
  link.href = address
  link.textContent = name
  place.replaceChildren(link)
}

function drawStatus(place: HTMLElement, item: Item): void {
  place.textContent = status(item)
  const address = item.meta.link
  if (stateOf(item) !== "failed" || !address) return
  const link = document.createElement("a")
  link.className = "link"
  link.href = address
  link.textContent = address
  place.append(" ", link)
}

/** How it stands with a file, in words. */
function status(item: Item): string {
  switch (stateOf(item)) {
    case "failed":
      return item.error ?? ""
    case "done":
      return [text("js.upload.uploaded"), ...(answerOf(item)?.notes ?? [])].join(" · ")
    case "going": {
      const sent = item.progress.percentage ?? 0
      if (sent >= 100) return text("js.upload.processing")
      return sent > 0 ? percent(sent / 100) : text("js.upload.waiting")
    }
  }
  return item.type === "text/uri-list" ? "" : bytes(item.size ?? 0)
}
