import PhotoSwipe, { type SlideData } from "photoswipe"
import "photoswipe/style.css"
import { text } from "../text"

/** A picture beside this one, as "/-/beside" tells of it. */
interface Beside {
  viewer: string
  alt: string
  src: string
  small: string
  width: number
  height: number
}

let asked: Promise<{ files: Beside[]; at: number } | null> | undefined
let open = false

/** Shows the picture of a link, with those beside it in its album. */
export async function lightbox(link: HTMLAnchorElement): Promise<void> {
  if (open) return
  open = true
  const picture = link.querySelector("img")!
  const own: SlideData = {
    src: link.href,
    msrc: picture.currentSrc,
    width: Number(link.dataset["width"]),
    height: Number(link.dataset["height"]),
    alt: picture.alt,
    element: link,
  }
  // The others are worth a moment, but not a wait.
  const around = await Promise.race([beside(), new Promise<null>((done) => setTimeout(done, 400, null))])
  const slides = around?.files.map((file, i) => (i === around.at ? own : slide(file))) ?? [own]
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches
  const box = new PhotoSwipe({
    dataSource: slides,
    index: around?.at ?? 0,
    loop: false,
    bgOpacity: 1,
    showHideAnimationType: still ? "none" : "zoom",
    showAnimationDuration: 180,
    hideAnimationDuration: 180,
    zoomAnimationDuration: still ? false : 180,
    returnFocus: true,
    closeTitle: text("js.viewer.close"),
    zoomTitle: text("js.viewer.zoom"),
    arrowPrevTitle: text("js.viewer.previous"),
    arrowNextTitle: text("js.viewer.next"),
    errorMsg: text("js.viewer.not_loaded"),
  })
  box.on("change", () => box.element?.setAttribute("aria-label", box.currSlide?.data.alt || picture.alt))
  box.on("afterInit", () => box.element?.setAttribute("aria-label", picture.alt))
  box.on("close", () => {
    // Whoever stopped at another picture goes on from there.
    const other = around && box.currIndex !== around.at ? around.files[box.currIndex] : null
    if (other) location.assign(other.viewer)
  })
  box.on("destroy", () => (open = false))
  box.init()
}

function slide(file: Beside): SlideData {
  return { src: file.src, width: file.width, height: file.height, alt: file.alt, ...(file.small && { msrc: file.small }) }
}

/** The pictures around this one; null where it stands alone. */
function beside(): Promise<{ files: Beside[]; at: number } | null> {
  const path = document.querySelector<HTMLElement>("[data-beside]")?.dataset["beside"]
  asked ??= path
    ? fetch(path, { headers: { Accept: "application/json" } })
        .then((answer) => (answer.ok ? answer.json() : null))
        .catch(() => null)
    : Promise.resolve(null)
  return asked
}
