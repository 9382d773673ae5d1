import { announce } from "../base/copy"
import { text } from "../text"
import type { Answer } from "./answer"
import type { Codes } from "./codes"
import { remember } from "./guest"
import { addAlbum } from "./options"
import { find } from "./page"
import { post } from "./post"
import { answers, busy, type Queue } from "./queue"

/** An album that files went into. */
interface Album { id: string; name: string; url: string; token?: string }

/** What stands above the queue once files are there: codes, and albums to put them in. */
export class Finished {
  private readonly section = find("[data-finished]")
  private readonly said = find("[data-album-said]", this.section)

  constructor(private readonly queue: Queue, private readonly codes: Codes) {
    for (const form of this.section.querySelectorAll<HTMLFormElement>("[data-album]")) {
      form.addEventListener("submit", (event) => {
        event.preventDefault()
        void this.fill(form)
      })
    }
  }

  /** Shows the files that are there. With arrived, it says so and takes the focus. */
  show(arrived = false): void {
    const done = answers(this.queue)
    this.section.hidden = done.length === 0 || busy(this.queue)
    if (this.section.hidden) return
    const summary = text("js.upload.done", { count: done.length })
    find("[data-summary]", this.section).textContent = summary
    this.codes.show(done)
    if (!arrived) return
    for (const form of this.section.querySelectorAll<HTMLFormElement>("[data-album]")) {
      form.hidden = form.querySelector("select")?.options.length === 0 // no album to add to
    }
    this.said.hidden = true
    announce(summary)
    const title = find("#finished-title", this.section)
    title.focus({ preventScroll: true })
    this.section.scrollIntoView({ block: "start", behavior: "smooth" })
  }

  private async fill(form: HTMLFormElement): Promise<void> {
    const fields = new URLSearchParams()
    for (const [name, value] of new FormData(form)) fields.append(name, String(value))
    for (const file of answers(this.queue)) name(fields, file)
    const button = find<HTMLButtonElement>("button", form)
    button.disabled = true
    try {
      const album = await post<Album>(form.action, fields)
      const added = fields.has("album")
      if (album.token) remember("albums", album.id, album.token)
      else if (!added) addAlbum(album.id, album.name)
      this.say(text(added ? "js.upload.album_added" : "js.upload.album_made", { name: album.name }), album.url)
      form.hidden = true
    } catch (error) {
      this.say((error as Error).message)
    } finally {
      button.disabled = false
    }
  }

  /** Says how it went, with the album's address where it went well. */
  private say(words: string, address = ""): void {
    this.said.hidden = false
    this.said.classList.toggle("alert-error", address === "")
    find("[data-said]", this.said).textContent = words
    const link = find<HTMLAnchorElement>("[data-said-link]", this.said)
    const copy = find("[data-copy]", this.said)
    link.hidden = copy.hidden = address === ""
    link.href = copy.dataset["copyText"] = address
    link.textContent = decodeURI(address)
    if (address) link.focus()
  }
}

/** Names a file in a form: by its token where a guest uploaded it. */
function name(fields: URLSearchParams, file: Answer): void {
  if (file.token) fields.append("proof", `${file.id}:${file.token}`)
  else fields.append("id", file.id)
}
