import { text } from "../text"

/** The chosen files of a list. The checkboxes of its form are the truth. */
export class Selection {
  readonly form: HTMLFormElement
  private readonly bar: HTMLElement
  private readonly count: HTMLElement
  private readonly chooser: HTMLButtonElement | null
  private last: HTMLInputElement | undefined // where a range begins
  private choosing = false
  private saying = 0

  constructor(form: HTMLFormElement) {
    this.form = form
    form.classList.add("list-live")
    this.bar = form.querySelector<HTMLElement>(".list-bar")!
    this.count = form.querySelector<HTMLElement>(".list-count")!
    this.chooser = document.querySelector(".list-choose")
    if (this.chooser) this.chooser.hidden = false
    this.chooser?.addEventListener("click", () => (this.choosing ? this.none() : this.choose()))
    for (const name of ["list-all", "list-none"]) {
      const button = form.querySelector<HTMLButtonElement>(`.${name}`)!
      button.hidden = false
      button.addEventListener("click", () => (name === "list-all" ? this.all() : this.none()))
    }
    form.addEventListener("click", (event) => this.clicked(event))
    this.changed()
  }

  boxes(): HTMLInputElement[] {
    return [...this.form.querySelectorAll<HTMLInputElement>(".listing-select input")]
  }

  chosen(): HTMLInputElement[] {
    return this.boxes().filter((box) => box.checked)
  }

  /** Whether a click on a picture chooses it. */
  active(): boolean {
    return this.choosing
  }

  choose(): void {
    this.choosing = true
    this.changed()
  }

  all(): void {
    const boxes = this.boxes()
    const every = boxes.every((box) => box.checked)
    for (const box of boxes) box.checked = !every
    this.changed()
  }

  none(): void {
    for (const box of this.chosen()) box.checked = false
    this.choosing = false
    this.last = undefined
    this.changed()
  }

  /** Chooses a file or not any more; with range, all from the one before up to it. */
  toggle(box: HTMLInputElement, range = false): void {
    const on = !box.checked
    box.checked = on
    this.extend(box, on, range)
  }

  /** Says something in the place of the number for some seconds. */
  say(message: string): void {
    this.count.textContent = message
    this.bar.hidden = false
    clearTimeout(this.saying)
    this.saying = window.setTimeout(() => this.changed(), 5000)
  }

  private extend(box: HTMLInputElement, on: boolean, range: boolean): void {
    const boxes = this.boxes()
    const from = range && this.last ? boxes.indexOf(this.last) : -1
    if (from >= 0) {
      const to = boxes.indexOf(box)
      for (const one of boxes.slice(Math.min(from, to), Math.max(from, to) + 1)) one.checked = on
    }
    this.last = box
    this.changed()
  }

  private clicked(event: MouseEvent): void {
    const target = event.target as Element
    if (target instanceof HTMLInputElement && target.closest(".listing-select")) {
      this.extend(target, target.checked, event.shiftKey)
      return
    }
    const link = target.closest(".image-container")
    if (!link || event.ctrlKey || event.metaKey || !(this.choosing || event.shiftKey)) return
    const box = link.closest(".listing-cell")?.querySelector<HTMLInputElement>(".listing-select input")
    if (!box) return
    event.preventDefault()
    this.toggle(box, event.shiftKey)
  }

  private changed(): void {
    clearTimeout(this.saying)
    const chosen = this.chosen()
    if (chosen.length > 0) this.choosing = true
    for (const box of this.boxes()) box.closest(".listing-cell")!.classList.toggle("listing-chosen", box.checked)
    this.form.classList.toggle("list-choosing", this.choosing)
    this.chooser?.setAttribute("aria-pressed", String(this.choosing))
    this.bar.hidden = !this.choosing
    this.count.textContent = this.choosing ? text("js.list.selected", { count: chosen.length }) : ""
    const mine = chosen.some((box) => "mine" in box.dataset)
    for (const button of this.bar.querySelectorAll<HTMLButtonElement>("[name=action]")) {
      button.disabled = button.value === "codes" ? chosen.length === 0 : !mine
    }
  }
}

/** A long touch on a picture begins to choose. */
export function longTouch(selection: Selection): void {
  let timer = 0
  let fired = false
  let from = { x: 0, y: 0 }
  const stop = () => clearTimeout(timer)
  selection.form.addEventListener("pointerdown", (event) => {
    fired = false
    const cell = (event.target as Element).closest(".listing-cell")
    const box = cell?.querySelector<HTMLInputElement>(".listing-select input")
    if (event.pointerType !== "touch" || !box || selection.active()) return
    from = { x: event.clientX, y: event.clientY }
    timer = window.setTimeout(() => {
      fired = true
      selection.toggle(box)
      navigator.vibrate?.(20)
    }, 450)
  })
  selection.form.addEventListener("pointermove", (event) => {
    if (Math.hypot(event.clientX - from.x, event.clientY - from.y) > 10) stop()
  })
  for (const end of ["pointerup", "pointercancel", "pointerleave"]) selection.form.addEventListener(end, stop)
  // The end of a long touch is no click, and asks for no menu.
  const swallow = (event: Event) => {
    if (!fired) return
    event.preventDefault()
    event.stopPropagation()
    fired = event.type !== "click"
  }
  selection.form.addEventListener("click", swallow, true)
  selection.form.addEventListener("contextmenu", swallow, true)
}
