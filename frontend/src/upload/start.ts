import { announce } from "../base/copy"
import { text } from "../text"
import { Bar } from "./bar"
import { Cards } from "./cards"
import { objection } from "./checks"
import { Codes } from "./codes"
import { Editor } from "./editor"
import { Finished } from "./finished"
import { offerClaim, remember } from "./guest"
import { settle } from "./options"
import { find, maybe, readLimits } from "./page"
import { answerOf, answers, busy, newQueue, revive, send, stateOf } from "./queue"
import { listen } from "./sources"
import { completeTags } from "./tags"

/** Brings the upload page to life. Without it, its form works as it is. */
export function start(): void {
  offerClaim()
  for (const file of document.querySelectorAll<HTMLElement>("[data-token]")) remember("files", file.dataset["file"] ?? "", file.dataset["token"] ?? "")
  const page = maybe("[data-upload]")
  if (!page) return
  const form = find<HTMLFormElement>("#upload-form", page)
  const limits = readLimits(form)
  const queue = newQueue(limits)
  const codes = new Codes(() => {
    finished.show()
    cards.sync(true)
  })
  const finished = new Finished(queue, codes)
  const editor = new Editor(queue)
  const cards = new Cards(queue, (id) => editor.open(id), (item) => {
    const answer = answerOf(item)
    return answer ? codes.of(answer) : ""
  })
  new Bar(queue).draw()

  const arrange = () => {
    const states = queue.getFiles().map(stateOf)
    const done = states.length > 0 && states.every((state) => state === "done")
    page.dataset["queue"] = cards.count === 0 ? "none" : done ? "done" : "some"
    find("[data-queue]", page).hidden = cards.count === 0
    find("[data-hint]", page).hidden = !states.includes("waiting")
    find("[data-browse-text]", page).textContent = text(cards.count > 0 ? "js.upload.more" : "js.upload.choose")
  }
  const add = (file: { name: string; type: string; data: Blob }) => {
    const name = file.name || `${file.type.split("/")[1] ?? "file"}`
    const reason = file.type === "text/uri-list" ? "" : objection({ name, type: file.type, size: file.data.size }, limits)
    if (reason) {
      cards.refuse({ name, size: file.data.size, reason })
      return
    }
    try {
      queue.addFile({ ...file, name, source: "page" })
    } catch {
      announce(text("js.upload.twice", { name }))
    }
  }
  arrange()
  listen(page, {
    files: (files) => {
      for (const file of files) add({ name: file.name, type: file.type, data: file })
      arrange()
    },
    addresses: (addresses) => {
      for (const address of addresses) {
        const name = decodeURI(new URL(address).pathname.split("/").pop() || new URL(address).host)
        add({ name, type: "text/uri-list", data: new Blob([address], { type: "text/uri-list" }) })
      }
      arrange()
    },
  })

  queue.on("state-update", arrange)
  page.addEventListener("change", arrange)
  queue.on("info-visible", () => {
    const info = queue.getState().info[0]
    if (info) announce(info.message)
  })
  queue.on("upload-success", (_file, response) => {
    const answer = response.body
    if (answer?.token) remember("files", answer.id, answer.token)
  })
  queue.on("complete", () => finished.show(answers(queue).length > 0))
  queue.on("restored", () => {
    for (const item of revive(queue)) cards.refuse({ name: item.name, size: item.size ?? 0, reason: text("js.upload.lost") })
    const waiting = queue.getFiles().filter((item) => stateOf(item) !== "done").length
    if (waiting === 0) return
    const note = find("[data-restored]", page)
    note.hidden = false
    find("[data-restored-text]", note).textContent = text("js.upload.restored", { count: waiting })
    finished.show()
  })

  const go = () => {
    find("[data-restored]", page).hidden = true
    find<HTMLDetailsElement>("[data-options]", page).open = false
    settle(queue)
    void send(queue)
    find("[data-cancel]", page).focus()
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault()
    if (queue.getFiles().length > 0 && !busy(queue)) go()
  })
  const clear = () => {
    find("[data-restored]", page).hidden = true
    queue.cancelAll()
    cards.clear()
    finished.show()
    arrange()
    find("[data-browse]", page).focus()
  }
  for (const button of page.querySelectorAll("[data-clear], [data-discard], [data-again]")) button.addEventListener("click", clear)
  find("[data-retry-all]", page).addEventListener("click", go)
  find("[data-cancel]", page).addEventListener("click", () => {
    queue.removeFiles(queue.getFiles().filter((item) => stateOf(item) === "going" || stateOf(item) === "waiting").map((item) => item.id))
    find("[data-browse]", page).focus()
  })
  addEventListener("beforeunload", (event) => {
    if (busy(queue)) event.preventDefault()
  })
  for (const field of page.querySelectorAll<HTMLInputElement>("[data-tags]")) completeTags(field)
}
