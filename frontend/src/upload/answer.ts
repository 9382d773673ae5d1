/** One line to be copied; key tells it from others of its group. */
export interface Code { key: string; label: string; text: string }

/** Codes of one language: link, html, markdown, bbcode, delete. */
export interface CodeGroup { key: string; name: string; codes: Code[] }

/** What the server says of a file that it took in. A type, since Uppy wants an index. */
export type Answer = {
  id: string
  title: string
  kind: "image" | "video"
  viewer: string
  direct: string
  medium?: string
  thumb?: string
  delete_url?: string
  token?: string
  width: number
  height: number
  size: string
  codes: CodeGroup[]
  notes?: string[]
}

/** What the server says of one that it refused. */
export interface Problem { message: string; code: string; field?: string; link?: string }

/** Reads a problem; nothing where the answer is none. */
export function readProblem(body: string): Problem | undefined {
  try {
    const problem = JSON.parse(body) as Partial<Problem>
    return typeof problem.message === "string" ? { code: "", ...problem, message: problem.message } : undefined
  } catch {
    return undefined
  }
}
