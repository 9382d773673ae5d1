/** The one element that the selector finds. The server wrote the page, so it is there. */
export function find<T extends HTMLElement = HTMLElement>(selector: string, within: ParentNode = document): T {
  const found = within.querySelector<T>(selector)
  if (!found) throw new Error(`the page has no ${selector}`)
  return found
}

/** The element that the selector finds, if this visitor's page has it. */
export function maybe<T extends HTMLElement = HTMLElement>(selector: string, within: ParentNode = document): T | null {
  return within.querySelector<T>(selector)
}

/** What the form says about this visitor. */
export interface Limits {
  action: string
  /** Most bytes of one file, as a number and for people. */
  bytes: number
  size: string
  /** Extensions in small letters, and all of them for people. */
  formats: string[]
  formatList: string
  guest: boolean
}

export function readLimits(form: HTMLFormElement): Limits {
  const formatList = form.dataset["formats"] ?? ""
  return {
    action: form.action,
    bytes: Number(form.dataset["limit"]),
    size: form.dataset["limitText"] ?? "",
    formats: formatList.toLowerCase().split(", "),
    formatList,
    guest: form.dataset["guest"] !== undefined,
  }
}

const language = document.documentElement.lang || "en"
const percents = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 0 })

/** A share of 1 as people write it: "42%". */
export function percent(share: number): string {
  return percents.format(share)
}

/** A number of bytes in decimal units, as the server writes it: "1.2 MB". */
export function bytes(count: number): string {
  for (const [unit, size] of [["GB", 1e9], ["MB", 1e6], ["KB", 1e3]] as const) {
    if (count >= size) return `${new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(count / size)} ${unit}`
  }
  return `${count} B`
}
