import { Viewer } from "@photo-sphere-viewer/core"
import "@photo-sphere-viewer/core/index.css"
import { text } from "../text"

/** Puts a sphere in the place of the picture on the page. */
export async function sphere(address: string): Promise<void> {
  const place = document.createElement("div")
  place.className = "file-sphere"
  document.querySelector(".file-stage")!.append(place)
  const viewer = new Viewer({
    container: place,
    panorama: address,
    navbar: ["zoom", "move", "fullscreen"],
    lang: {
      zoom: text("js.viewer.zoom"),
      zoomIn: text("js.viewer.zoom_in"),
      zoomOut: text("js.viewer.zoom_out"),
      moveUp: text("js.viewer.up"),
      moveDown: text("js.viewer.down"),
      moveLeft: text("js.viewer.left"),
      moveRight: text("js.viewer.right"),
      fullscreen: text("js.viewer.fullscreen"),
      loading: text("js.viewer.loading"),
      loadError: text("js.viewer.not_loaded"),
    },
  })
  await new Promise<void>((done, failed) => {
    viewer.addEventListener("ready", () => done(), { once: true })
    viewer.addEventListener("panorama-error", () => {
      viewer.destroy()
      place.remove()
      failed(new Error("panorama"))
    })
  })
}
