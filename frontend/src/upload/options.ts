import { find, maybe } from "./page"
import { fieldNames, type FieldName, type Fields, type Item, type Queue } from "./queue"

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement

/** The control of a field, where this visitor has one. */
function control(within: ParentNode, name: FieldName): Control | null {
  return within.querySelector<Control>(`[name="${name}"]`)
}

/** What the controls say. Every field has a value: Uppy would send "undefined". */
export function readFields(within: ParentNode): Record<FieldName, string> {
  const fields = {} as Record<FieldName, string>
  for (const name of fieldNames) {
    const c = control(within, name)
    fields[name] = c instanceof HTMLInputElement && c.type === "checkbox" ? (c.checked ? "1" : "") : (c?.value.trim() ?? "")
  }
  return fields
}

export function writeFields(within: ParentNode, fields: Fields): void {
  for (const name of fieldNames) {
    const c = control(within, name)
    if (c instanceof HTMLInputElement && c.type === "checkbox") c.checked = fields[name] === "1"
    else if (c) c.value = fields[name] ?? ""
  }
}

/** The options for all files. */
export function common(): Record<FieldName, string> {
  return readFields(find("[data-options]"))
}

/** The names of the fields that were set for this file alone. */
function ownNames(item: Item): string[] {
  return item.meta.own?.split(" ") ?? []
}

/** What holds for a file: its own fields, and the options for all. */
export function fieldsOf(item: Item): Record<FieldName, string> {
  const fields = common()
  for (const name of fieldNames) if (ownNames(item).includes(name)) fields[name] = item.meta[name] ?? ""
  return fields
}

/** Keeps what was said of one file. What is as for all follows the options for all. */
export function setFields(queue: Queue, item: Item, fields: Record<FieldName, string>): void {
  const all = common()
  const before = ownNames(item)
  const own = fieldNames.filter((name) => fields[name] !== all[name] || before.includes(name))
  queue.setFileMeta(item.id, { ...fields, own: own.join(" ") })
}

/** Writes into every file that is not sent yet what is to be sent with it. */
export function settle(queue: Queue): void {
  for (const item of queue.getFiles()) {
    if (!item.progress.uploadComplete) queue.setFileMeta(item.id, fieldsOf(item))
  }
}

/** Adds an album to all that can be chosen from. */
export function addAlbum(id: string, name: string): void {
  for (const select of document.querySelectorAll<HTMLSelectElement>('select[name="album"]')) {
    select.options.add(new Option(name, id), maybe('option[value=""]', select) ? 1 : 0)
  }
}
