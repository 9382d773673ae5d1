import { text } from "../text"
import { readProblem } from "./answer"

/** Sends a form to one of our routes and returns the answer; what is refused is an error with the reason. */
export async function post<T>(address: string, fields: URLSearchParams): Promise<T> {
  let response: Response
  try {
    response = await fetch(address, { method: "POST", body: fields, headers: { Accept: "application/json" } })
  } catch {
    throw new Error(text("js.upload.no_connection"))
  }
  const body = await response.text()
  if (!response.ok) throw new Error(readProblem(body)?.message ?? text("js.upload.no_answer"))
  return JSON.parse(body) as T
}
