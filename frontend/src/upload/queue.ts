import Uppy, { type UppyFile } from "@uppy/core"
import GoldenRetriever from "@uppy/golden-retriever"
import XHRUpload from "@uppy/xhr-upload"
import { text } from "../text"
import { readProblem, type Answer } from "./answer"
import type { Limits } from "./page"
import { uppyTexts } from "./uppy_texts"

/** What can be said about a file, by the names of the form's fields. */
export const fieldNames = ["title", "description", "alt", "tags", "album", "category", "expiration", "width", "nsfw"] as const
export type FieldName = (typeof fieldNames)[number]
export type Fields = Partial<Record<FieldName, string>>

/** The fields of a file, the names of those that were set for it alone, and how it ended. */
export type Meta = Fields & { own?: string; link?: string }

export type Queue = Uppy<Meta, Answer>
export type Item = UppyFile<Meta, Answer>

/** The cards tell what goes wrong; the console need not. */
const silent = { debug: () => undefined, warn: () => undefined, error: () => undefined }

const day = 24 * 60 * 60 * 1000

const longestPause = 60

/** For how many milliseconds a busy server wants to be left alone; 0 where it is not, or for too long. */
function pauseOf(xhr: XMLHttpRequest): number {
  const seconds = xhr.status === 503 ? Number(xhr.getResponseHeader("Retry-After")) : 0
  return seconds > 0 && seconds <= longestPause ? 1000 * seconds : 0
}

/** The queue: two files at a time, kept through a reload for a day. */
export function newQueue(limits: Limits): Queue {
  const queue: Queue = new Uppy<Meta, Answer>({ id: "vitrine", locale: uppyTexts(), logger: silent })
  queue.use(XHRUpload, {
    endpoint: limits.action,
    fieldName: "source",
    allowedMetaFields: [...fieldNames],
    headers: { Accept: "application/json" },
    limit: 2,
    timeout: 120_000,
    // Refusals are final. A connection that broke is tried again, and a busy server when it said.
    shouldRetry: (xhr) => xhr.status === 0 || xhr.status === 502 || xhr.status === 504 || pauseOf(xhr) > 0,
    onAfterResponse: (xhr) => new Promise((resolve) => setTimeout(resolve, pauseOf(xhr))),
  })
  // Its types do not know how much it may keep.
  const room = { maxFileSize: Math.max(limits.bytes, 1e7), maxTotalSize: 1e9 } as object
  queue.use(GoldenRetriever, { expires: day, indexedDB: room })
  // After Uppy's own listener, which writes its English cause into the file.
  queue.on("upload-error", (file, _error, response) => {
    if (!file || !queue.getFile(file.id)) return
    const xhr = response as unknown as XMLHttpRequest | undefined
    const problem = readProblem(xhr?.responseText ?? "")
    const unheard = !xhr || xhr.status === 0
    queue.setFileState(file.id, { error: problem?.message ?? text(unheard ? "js.upload.no_connection" : "js.upload.no_answer") })
    queue.setFileMeta(file.id, { link: problem?.link ?? "" })
  })
  return queue
}

/** Whether the file is where. */
export function stateOf(item: Item): "waiting" | "going" | "done" | "failed" {
  if (item.error) return "failed"
  if (item.progress.uploadComplete) return "done"
  return item.progress.uploadStarted ? "going" : "waiting"
}

/** What the server said of a file that it took in. */
export function answerOf(item: Item): Answer | undefined {
  return stateOf(item) === "done" ? (item.response?.body as Answer | undefined) : undefined
}

/** The answers of all files that were taken in. */
export function answers(queue: Queue): Answer[] {
  return queue.getFiles().flatMap((item) => answerOf(item) ?? [])
}

/** Whether anything is on its way. */
export function busy(queue: Queue): boolean {
  return Object.keys(queue.getState().currentUploads).length > 0
}

/**
 * Makes a queue that survived a reload one that waits: what was on its way is to
 * be sent again. Returns the names of the files whose bytes were not kept, which
 * leave the queue.
 */
export function revive(queue: Queue): Item[] {
  const lost = queue.getFiles().filter((item) => item.isGhost)
  queue.setState({ recoveredState: null, currentUploads: {} })
  for (const item of queue.getFiles()) {
    if (stateOf(item) === "going") {
      queue.setFileState(item.id, { progress: { uploadStarted: null, bytesUploaded: false, bytesTotal: item.size, percentage: 0 } })
    }
  }
  queue.removeFiles(lost.map((item) => item.id))
  return lost
}

/** Sends what waits, and again what failed. */
export async function send(queue: Queue): Promise<void> {
  await queue.upload().catch(() => undefined) // the cards tell
}
