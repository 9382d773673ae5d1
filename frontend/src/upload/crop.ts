import ImageEditor, { type AspectRatio } from "@uppy/image-editor"
import "cropperjs/dist/cropper.css"
import { find } from "./page"
import type { Answer } from "./answer"
import type { Item, Meta, Queue } from "./queue"

/** Pixels that one press of an arrow key moves or resizes by. */
const step = 10

/** Crops, turns, mirrors and straightens a picture, through Uppy's image editor with controls of our own. */
export class Cropper {
  private readonly editor: ImageEditor<Meta, Answer>
  private readonly section = find("[data-cropping]")
  private readonly form = find("[data-editor]")
  private readonly stage = find("[data-stage]")
  private readonly angle = find<HTMLInputElement>("[data-angle]")
  private readonly ratio = find<HTMLSelectElement>("[data-ratio]")
  private finish: (changed: boolean) => void = () => undefined

  constructor(queue: Queue) {
    queue.use(ImageEditor, { quality: 0.92, cropperOptions: { checkOrientation: false } })
    this.editor = queue.getPlugin<ImageEditor<Meta, Answer>>("ImageEditor") as ImageEditor<Meta, Answer>
    queue.on("file-editor:complete", () => this.stop(true))
    const on = (selector: string, act: (button: HTMLElement) => void) => {
      for (const button of this.section.querySelectorAll<HTMLElement>(selector)) button.addEventListener("click", () => act(button))
    }
    on("[data-turn]", (button) => {
      this.angle.value = "0"
      this.editor.rotateBy(Number(button.dataset["turn"]))
    })
    on("[data-flip]", () => this.editor.flipHorizontal())
    on("[data-crop-reset]", () => this.reset())
    on("[data-crop-cancel]", () => this.stop())
    on("[data-crop-apply]", () => this.editor.save())
    this.angle.addEventListener("input", () => this.editor.rotateGranular(Number(this.angle.value)))
    this.ratio.addEventListener("change", () => this.editor.setAspectRatio(this.ratio.value as AspectRatio))
    this.stage.addEventListener("keydown", (event) => this.key(event))
  }

  /** Shows the picture; resolves when it was changed, or left as it is. */
  async run(item: Item): Promise<boolean> {
    this.form.hidden = true
    this.section.hidden = false
    this.editor.start(item)
    const image = new Image()
    image.alt = ""
    image.src = this.editor.getObjectUrl() ?? ""
    this.stage.replaceChildren(image)
    const finished = new Promise<boolean>((resolve) => (this.finish = resolve))
    await image.decode()
    this.editor.initCropper(image)
    this.stage.focus()
    return finished
  }

  stop(changed = false): void {
    this.editor.stop()
    this.stage.replaceChildren()
    this.angle.value = "0"
    this.ratio.value = "free"
    this.section.hidden = true
    this.form.hidden = false
    this.finish(changed)
  }

  private reset(): void {
    this.angle.value = "0"
    this.ratio.value = "free"
    this.editor.reset()
  }

  /** Arrow keys move the area; with Shift they resize it. */
  private key(event: KeyboardEvent): void {
    const move = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[event.key]
    const cropper = this.editor.cropper
    if (!move || !cropper) return
    event.preventDefault()
    const [x = 0, y = 0] = move
    const box = cropper.getCropBoxData()
    cropper.setCropBoxData(event.shiftKey ? { width: box.width + x, height: box.height + y } : { left: box.left + x, top: box.top + y })
  }
}
