/** A text as the catalogues have it: one form, or one for each plural category. */
type Text = string | Partial<Record<Intl.LDMLPluralRule, string>>

/** Values for the placeholders of a text. `count` chooses the plural form. */
export type Values = Record<string, string | number>

const language = document.documentElement.lang || "en"
const plurals = new Intl.PluralRules(language)
const numbers = new Intl.NumberFormat(language)
let texts: Record<string, Text> | undefined

/** The texts of this page's entry, which the server put into the page. */
function all(): Record<string, Text> {
  texts ??= JSON.parse(document.getElementById("texts")?.textContent || "{}") as Record<string, Text>
  return texts
}

/**
 * The text with this key, in the language of the page. The placeholder {{.Title}}
 * is filled by `title`, {{.PluralCount}} by `count` (a number in the plural form it asks for).
 * An unknown key comes back as it is, so that it is seen.
 */
export function text(key: string, values: Values = {}): string {
  const found = all()[key]
  if (found === undefined) return key
  const form = typeof found === "string" ? found : (found[plurals.select(Number(values["count"] ?? 0))] ?? found.other ?? key)
  return form.replace(/\{\{\s*\.?(\w+)\s*\}\}/g, (placeholder, name: string) => {
    const value = values[name === "PluralCount" ? "count" : name.charAt(0).toLowerCase() + name.slice(1)]
    if (value === undefined) return placeholder
    return typeof value === "number" ? numbers.format(value) : value
  })
}

/** All texts whose keys begin so, by the rest of their keys and with all their forms. */
export function forms(prefix: string): Record<string, Text> {
  return Object.fromEntries(
    Object.entries(all())
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, found]) => [key.slice(prefix.length), found]),
  )
}
