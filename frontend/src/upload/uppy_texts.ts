import { forms } from "../text"

type Strings = Record<string, string | Record<number, string>>

/** Plural categories by the number that Uppy knows them by. */
const categories: Intl.LDMLPluralRule[] = ["one", "few", "many", "other", "two", "zero"]

/**
 * Uppy's own texts from our catalogues: `uppy.<name>`, with Uppy's placeholders.
 * The parts that we use ask for no others, which a test of the server holds.
 */
export function uppyTexts(): { strings: Strings; pluralize: (count: number) => number } {
  const rules = new Intl.PluralRules(document.documentElement.lang || "en")
  const strings: Strings = {}
  for (const [key, text] of Object.entries(forms("uppy."))) {
    strings[key] = typeof text === "string" ? text : Object.fromEntries(categories.map((category, i) => [i, text[category] ?? text.other ?? ""]))
  }
  return { strings, pluralize: (count) => categories.indexOf(rules.select(count)) }
}
