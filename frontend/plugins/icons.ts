import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import type { Plugin } from "vite"

const templates = "../internal/web/templates"
const target = "../internal/web/icons"
const source = "node_modules/lucide-static/icons"
const call = /\{\{icon "([a-z0-9-]+)"/g

/**
 * Copies the icons that templates name into internal/web/icons, where they are
 * committed, so that Go builds without Node; what no template names goes away.
 */
export function icons(): Plugin {
  return {
    name: "vitrine:icons",
    apply: "build",
    async buildStart() {
      const wanted = new Set<string>()
      for (const entry of await readdir(templates, { recursive: true })) {
        if (!entry.endsWith(".html")) continue
        for (const match of (await readFile(join(templates, entry), "utf8")).matchAll(call)) wanted.add(`${match[1]}.svg`)
      }
      await mkdir(target, { recursive: true })
      const present = new Set((await readdir(target)).filter((name) => name.endsWith(".svg")))
      for (const name of wanted) {
        if (!present.has(name)) await writeFile(join(target, name), compact(await readFile(join(source, name), "utf8")))
      }
      for (const name of present) {
        if (!wanted.has(name)) await rm(join(target, name))
      }
    },
  }
}

/** The picture with a line for each shape, and its licence. */
function compact(svg: string): string {
  return svg.replace(/\s+/g, " ").replace(/ class="[^"]*"/, "").replace(/> </g, ">\n<").replace(/ \/>/g, "/>").replace(/" >/g, '">').trim() + "\n"
}
