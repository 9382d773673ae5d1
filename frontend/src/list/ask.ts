import { text } from "../text"

/** What went wrong, in the words of the server or in ours. */
export class Refusal extends Error {}

/**
 * Asks the server for a part of a page, or to do something: with fields, by POST.
 * Every refusal comes as a Refusal with a text for people.
 */
export async function ask(path: string, fields?: FormData): Promise<Response> {
  const headers = { Accept: "application/json", "X-Part": "1" }
  const body = fields ? new URLSearchParams([...fields].map(([name, value]): [string, string] => [name, String(value)])) : null
  let answer: Response
  try {
    answer = await fetch(path, { method: body ? "POST" : "GET", body, headers, cache: "no-store" })
  } catch {
    throw new Refusal(text("js.list.error"))
  }
  if (answer.ok) return answer
  const problem = (await answer.json().catch(() => ({}))) as { message?: string }
  throw new Refusal(problem.message || text("js.list.error"))
}

/** The part of a page that stands at the path. */
export async function part(path: string, fields?: FormData): Promise<HTMLElement> {
  const answer = await ask(path, fields)
  return new DOMParser().parseFromString(await answer.text(), "text/html").body
}

/**
 * Where a form leads to, or with a name what stands beside that. The property of
 * the form will not do: a field may be called "action".
 */
export function addressOf(form: HTMLFormElement, name = ""): string {
  const address = new URL(form.getAttribute("action") ?? "", location.href)
  return name ? new URL(name, address).href : address.href
}
