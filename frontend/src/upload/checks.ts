import { text } from "../text"
import { bytes, type Limits } from "./page"

/** Extensions for the names that browsers have for the formats. */
const extensions: Record<string, string> = {
  "image/jpeg": "jpeg", "image/png": "png", "image/gif": "gif", "image/webp": "webp", "image/avif": "avif",
  "image/bmp": "bmp", "image/x-ms-bmp": "bmp", "image/heic": "heic", "image/heif": "heic",
  "video/mp4": "mp4", "video/quicktime": "mov", "video/webm": "webm",
}

/**
 * Why the server would refuse a file, as far as that can be known before it is
 * sent; empty: nothing speaks against it. The server looks at the bytes, so what
 * tells nothing by name and type is let through.
 */
export function objection(file: { name: string; type: string; size: number }, limits: Limits): string {
  const dot = file.name.lastIndexOf(".")
  const extension = dot > 0 ? file.name.slice(dot + 1).toLowerCase() : ""
  const known = [extension, extensions[file.type]]
  if ((extension || file.type) && !known.some((format) => format && limits.formats.includes(format))) {
    return text("js.upload.format", { formats: limits.formatList })
  }
  if (file.size === 0) return text("js.upload.empty")
  if (file.size > limits.bytes) return text("js.upload.too_big", { size: bytes(file.size), limit: limits.size })
  return ""
}
