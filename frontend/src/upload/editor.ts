import { text } from "../text"
import type { Cropper } from "./crop"
import { fieldsOf, readFields, setFields, writeFields } from "./options"
import { find } from "./page"
import { preview } from "./preview"
import type { Item, Queue } from "./queue"

/** Pictures that are cropped and turned in the browser; animations would stand still. */
const croppable = /^image\/(jpeg|png|webp)$/

/** The dialog in which one file is edited before it is sent. */
export class Editor {
  private readonly dialog = find<HTMLDialogElement>("#editor")
  private readonly form = find<HTMLFormElement>("[data-editor]", this.dialog)
  private readonly picture = find("[data-editor-picture]", this.dialog)
  private readonly cropButton = find("[data-crop]", this.dialog)
  private id = ""
  private cropper: Promise<Cropper> | undefined

  constructor(private readonly queue: Queue) {
    this.dialog.addEventListener("close", () => this.closed())
    this.dialog.addEventListener("click", (event) => {
      if (event.target === this.dialog) this.dialog.close("save")
    })
    this.cropButton.addEventListener("click", () => void this.crop())
  }

  open(id: string): void {
    const item = this.queue.getFile(id)
    if (!item) return
    this.id = id
    find("[data-editor-name]", this.dialog).textContent = item.name
    writeFields(this.form, fieldsOf(item))
    this.cropButton.hidden = !(item.data instanceof Blob) || !croppable.test(item.type)
    void this.show(item)
    this.dialog.returnValue = ""
    this.dialog.showModal()
    find("#one-title", this.form).focus()
  }

  private async show(item: Item): Promise<void> {
    this.picture.replaceChildren()
    if (!(item.data instanceof Blob) || item.type === "text/uri-list") return
    const canvas = await preview(item.data)
    if (canvas && this.id === item.id) this.picture.replaceChildren(canvas)
  }

  private closed(): void {
    const item = this.queue.getFile(this.id)
    if (item && this.dialog.returnValue === "save") setFields(this.queue, item, readFields(this.form))
    document.querySelector<HTMLElement>(`[data-id="${CSS.escape(this.id)}"] [data-edit]`)?.focus()
    this.id = ""
    void this.cropper?.then((cropper) => cropper.stop())
  }

  /** Crops and turns, with what is loaded only for it. */
  private async crop(): Promise<void> {
    const item = this.queue.getFile(this.id)
    if (!item) return
    this.cropper ??= import("./crop").then((module) => new module.Cropper(this.queue))
    try {
      const cropper = await this.cropper
      const changed = await cropper.run(item)
      this.cropButton.focus()
      if (changed) await this.show(this.queue.getFile(item.id) ?? item)
    } catch {
      find("[data-editor-name]", this.dialog).textContent = text("js.upload.no_connection")
      this.cropper = undefined
    }
  }
}
