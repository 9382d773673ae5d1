/** Pixels of a preview on its longer side: enough for a card on a sharp screen. */
const longest = 480

let last: Promise<unknown> = Promise.resolve()

/**
 * A small picture of a file that is not uploaded yet; nothing where the browser
 * cannot read it. One after the other: phones have little memory.
 */
export function preview(data: Blob): Promise<HTMLCanvasElement | undefined> {
  const next = last.then(() => (data.type.startsWith("video/") ? film(data) : picture(data))).catch(() => undefined)
  last = next
  return next
}

async function picture(data: Blob): Promise<HTMLCanvasElement | undefined> {
  const bitmap = await createImageBitmap(data)
  try {
    return draw(bitmap, bitmap.width, bitmap.height)
  } finally {
    bitmap.close()
  }
}

/** The first picture of a film. */
async function film(data: Blob): Promise<HTMLCanvasElement | undefined> {
  const video = document.createElement("video")
  video.muted = true
  video.playsInline = true
  video.preload = "auto"
  const address = URL.createObjectURL(data)
  try {
    await new Promise<void>((resolve, reject) => {
      video.addEventListener("loadeddata", () => resolve(), { once: true })
      video.addEventListener("error", () => reject(new Error("no film")), { once: true })
      setTimeout(() => reject(new Error("too slow")), 4000)
      video.src = address
    })
    return draw(video, video.videoWidth, video.videoHeight)
  } finally {
    video.removeAttribute("src")
    URL.revokeObjectURL(address)
  }
}

function draw(source: CanvasImageSource, width: number, height: number): HTMLCanvasElement | undefined {
  const scale = Math.min(1, longest / Math.max(width, height))
  const canvas = document.createElement("canvas")
  canvas.width = Math.max(1, Math.round(width * scale))
  canvas.height = Math.max(1, Math.round(height * scale))
  const context = canvas.getContext("2d")
  context?.drawImage(source, 0, 0, canvas.width, canvas.height)
  return context ? canvas : undefined
}
