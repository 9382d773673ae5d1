import { getDroppedFiles } from "@uppy/core/utils"
import { text } from "../text"
import { find, maybe } from "./page"

/** Who takes what the sources give. */
export interface Taker {
  files(files: File[]): void
  addresses(addresses: string[]): void
}

/** Lets files come by button, folder, camera, drop and paste, and addresses by dialog and paste. */
export function listen(page: HTMLElement, taker: Taker): void {
  const field = find<HTMLInputElement>("#source", page)
  picker(find("[data-browse]", page), { multiple: true, accept: field.accept }, taker)
  picker(find("[data-camera]", page), { accept: "image/*,video/*", capture: "environment" }, taker)
  picker(find("[data-folder]", page), { multiple: true, webkitdirectory: true }, taker)
  // A form that was sent back to keeps its files.
  if (field.files?.length) taker.files([...field.files])
  field.disabled = true
  drops(page, taker)
  const dialog = maybe<HTMLDialogElement>("#addresses")
  if (dialog) addressDialog(dialog, find("[data-urls]", page), taker)
  pastes(taker, dialog !== null)
}

type Choice = Partial<Pick<HTMLInputElement, "multiple" | "accept" | "capture" | "webkitdirectory">>

/** Opens the system's dialog for files, each time a fresh one: the same file can be chosen twice. */
function picker(button: HTMLElement, choice: Choice, taker: Taker): void {
  button.addEventListener("click", () => {
    const input = document.createElement("input")
    input.type = "file"
    Object.assign(input, choice)
    // Some browsers hand nothing over to a field outside the page.
    input.hidden = true
    document.body.append(input)
    input.addEventListener("change", () => {
      taker.files([...(input.files ?? [])])
      input.remove()
    })
    input.addEventListener("cancel", () => input.remove())
    input.click()
  })
}

/** Drops anywhere on the page, folders too. */
function drops(page: HTMLElement, taker: Taker): void {
  const veil = find("[data-veil]", page)
  let depth = 0 // dragenter and dragleave come for every element on the way
  const show = (by: number) => {
    depth = Math.max(0, depth + by)
    veil.hidden = depth === 0
  }
  const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false
  document.addEventListener("dragenter", (event) => carriesFiles(event) && show(1))
  document.addEventListener("dragleave", (event) => carriesFiles(event) && show(-1))
  document.addEventListener("dragover", (event) => {
    if (!carriesFiles(event) || !event.dataTransfer) return
    event.preventDefault()
    event.dataTransfer.dropEffect = "copy"
  })
  document.addEventListener("drop", (event) => {
    if (!carriesFiles(event) || !event.dataTransfer) return
    event.preventDefault()
    show(-depth)
    void getDroppedFiles(event.dataTransfer).then((files) => taker.files(files))
  })
}

/** Paste: pictures, and addresses where no field wants the text. */
function pastes(taker: Taker, addresses: boolean): void {
  document.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])]
    if (files.length > 0) {
      event.preventDefault()
      taker.files(files)
      return
    }
    if (!addresses || (event.target as Element | null)?.closest("input, textarea, [contenteditable]")) return
    const found = lines(event.clipboardData?.getData("text/plain") ?? "")
    if (found.length > 0 && found.every(isAddress)) taker.addresses(found)
  })
}

function addressDialog(dialog: HTMLDialogElement, button: HTMLElement, taker: Taker): void {
  const area = find<HTMLTextAreaElement>("textarea", dialog)
  const problem = find("[data-problem]", dialog)
  button.addEventListener("click", () => dialog.showModal())
  find<HTMLFormElement>("[data-addresses]", dialog).addEventListener("submit", (event) => {
    if ((event.submitter as HTMLButtonElement | null)?.value === "close") return
    const found = lines(area.value)
    const wrong = found.find((line) => !isAddress(line))
    problem.hidden = wrong === undefined
    if (wrong !== undefined) {
      event.preventDefault()
      problem.textContent = text("js.upload.bad_url", { line: wrong })
      area.focus()
      return
    }
    area.value = ""
    taker.addresses(found)
  })
}

function lines(content: string): string[] {
  return content.split(/\r?\n/).map((line) => line.trim()).filter(Boolean)
}

function isAddress(line: string): boolean {
  return /^https?:\/\/\S+$/i.test(line) && URL.canParse(line)
}
