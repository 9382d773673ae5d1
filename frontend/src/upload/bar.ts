import { announce } from "../base/copy"
import { text } from "../text"
import { find, percent } from "./page"
import { busy, stateOf, type Queue } from "./queue"

/** The bar below the queue: how far it is, and what can be done with all of it. */
export class Bar {
  private readonly bar = find("[data-bar]")
  private readonly words = find("[data-live]")
  private readonly total = find<HTMLProgressElement>("[data-total]")
  private readonly start = find("[data-start]")
  private readonly startWords = find("[data-start-text]")
  private readonly cancel = find("[data-cancel]")
  private readonly clear = find("[data-clear]")
  private readonly retry = find("[data-retry-all]")
  private said = -1 // the quarter that was told last

  constructor(private readonly queue: Queue) {
    queue.on("state-update", () => this.draw())
  }

  draw(): void {
    const states = this.queue.getFiles().map(stateOf)
    const count = (state: string) => states.filter((s) => s === state).length
    const going = busy(this.queue)
    const waiting = count("waiting")
    const failed = count("failed")
    this.bar.hidden = !going && waiting === 0 && failed === 0
    this.total.hidden = this.cancel.hidden = !going
    this.start.hidden = going || waiting === 0
    this.clear.hidden = going
    this.retry.hidden = going || waiting > 0 || failed === 0
    if (going) {
      const left = count("going") + waiting
      this.progress(left || 1)
    } else {
      this.said = -1
      this.startWords.textContent = text("js.upload.start", { count: waiting })
      this.write(waiting > 0 ? text("js.upload.added", { count: waiting }) : text("js.upload.failed", { count: failed }))
    }
  }

  /** Says how far it is: to the eye always, to the ear at each quarter. */
  private progress(count: number): void {
    const share = this.queue.getState().totalProgress
    const words = text("js.upload.going", { count, percent: percent(share / 100) })
    this.total.value = share
    this.write(words)
    const quarter = Math.floor(share / 25)
    if (quarter === this.said) return
    this.said = quarter
    announce(words)
  }

  private write(words: string): void {
    if (this.words.textContent !== words) this.words.textContent = words
  }
}
