import { find } from "./page"
import type { Answer, CodeGroup } from "./answer"

const memory = "vitrine.codes"

/** The box of codes: of all files, in one format. */
export class Codes {
  private readonly kinds = find("[data-kinds]")
  private readonly sizes = find<HTMLSelectElement>("[data-sizes]")
  private readonly area = find<HTMLTextAreaElement>("[data-codes-text]")
  private groups: CodeGroup[] = []
  private kind: string
  private size: string

  constructor(private readonly changed: () => void) {
    ;[this.kind = "link", this.size = ""] = remembered().split("/")
    this.kinds.addEventListener("click", (event) => {
      const button = (event.target as Element).closest<HTMLButtonElement>("[data-kind]")
      if (!button) return
      this.kind = button.dataset["kind"] ?? ""
      this.choose()
    })
    this.sizes.addEventListener("change", () => {
      this.size = this.sizes.value
      this.choose()
    })
  }

  /** Shows the codes of these files. */
  show(answers: Answer[]): void {
    this.groups = union(answers)
    if (!this.groups.some((group) => group.key === this.kind)) this.kind = this.groups[0]?.key ?? ""
    this.kinds.replaceChildren(...this.groups.map((group) => kindButton(group)))
    this.draw(answers)
  }

  /** The code of one file in the chosen format, or the nearest that it has. */
  of(answer: Answer): string {
    const group = answer.codes.find((g) => g.key === this.kind)
    return (group?.codes.find((code) => code.key === this.size) ?? group?.codes[0])?.text ?? ""
  }

  private choose(): void {
    try {
      localStorage.setItem(memory, `${this.kind}/${this.size}`)
    } catch {
      // Nothing is remembered where nothing may be stored.
    }
    this.changed()
  }

  private draw(answers: Answer[]): void {
    for (const button of this.kinds.querySelectorAll<HTMLElement>("[data-kind]")) {
      button.setAttribute("aria-pressed", String(button.dataset["kind"] === this.kind))
    }
    const codes = this.groups.find((group) => group.key === this.kind)?.codes ?? []
    this.sizes.replaceChildren(...codes.map((code) => new Option(code.label, code.key, false, code.key === this.size)))
    this.sizes.parentElement?.toggleAttribute("hidden", codes.length < 2)
    this.area.value = answers.map((answer) => this.of(answer)).filter(Boolean).join("\n")
    this.area.rows = Math.min(6, Math.max(2, answers.length))
  }
}

function kindButton(group: CodeGroup): HTMLElement {
  const button = document.createElement("button")
  button.type = "button"
  button.className = "btn"
  button.dataset["kind"] = group.key
  button.textContent = group.name
  return button
}

/** The formats that at least one file has. */
function union(answers: Answer[]): CodeGroup[] {
  const groups: CodeGroup[] = []
  for (const from of answers.flatMap((answer) => answer.codes)) {
    let group = groups.find((g) => g.key === from.key)
    if (!group) groups.push((group = { ...from, codes: [] }))
    for (const code of from.codes) if (!group.codes.some((c) => c.key === code.key)) group.codes.push(code)
  }
  return groups
}

function remembered(): string {
  try {
    return localStorage.getItem(memory) ?? ""
  } catch {
    return ""
  }
}
