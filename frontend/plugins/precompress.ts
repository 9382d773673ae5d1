import { readdir, readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { promisify } from "node:util"
import { brotliCompress, constants, gzip } from "node:zlib"
import type { Plugin, ResolvedConfig } from "vite"

const text = /\.(js|css|svg|json|md)$/

/** Puts a gzip and a brotli form beside each text of the output, as small as they get. */
export function precompress(): Plugin {
  let config: ResolvedConfig
  return {
    name: "vitrine:precompress",
    apply: "build",
    configResolved(resolved) {
      config = resolved
    },
    async closeBundle() {
      const folder = join(config.root, config.build.outDir, "assets")
      const names = (await readdir(folder)).filter((name) => text.test(name))
      const quick = Boolean(config.build.watch)
      await Promise.all(
        names.map(async (name) => {
          const path = join(folder, name)
          const content = await readFile(path)
          const [gz, br] = await Promise.all([
            promisify(gzip)(content, { level: quick ? 1 : 9 }),
            promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_QUALITY]: quick ? 4 : 11 } }),
          ])
          await Promise.all([writeFile(`${path}.gz`, gz), writeFile(`${path}.br`, br)])
        }),
      )
    },
  }
}
