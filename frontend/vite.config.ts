import tailwindcss from "@tailwindcss/vite"
import { defineConfig } from "vite"
import { icons } from "./plugins/icons.ts"
import { precompress } from "./plugins/precompress.ts"

// Written into the program: internal/web embeds dist and reads its manifest.
export default defineConfig({
  plugins: [icons(), tailwindcss(), precompress()],
  // Addresses in the output are relative: a site may live below a path.
  base: "./",
  build: {
    outDir: "../internal/web/dist",
    emptyOutDir: true,
    manifest: "manifest.json",
    license: { fileName: "assets/licenses.md" }, // of what is bundled; served with it
    target: ["chrome111", "edge111", "firefox114", "safari16.4"],
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0, // the policy of pages has no room for data: beyond pictures
    cssCodeSplit: true,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 700, // in kB: spheres take as much, at a click
    rolldownOptions: {
      checks: { pluginTimings: false },
      input: {
        base: "src/entries/base.ts",
        list: "src/entries/list.ts",
        viewer: "src/entries/viewer.ts",
        upload: "src/entries/upload.ts",
        settings: "src/entries/settings.ts",
      },
      output: {
        entryFileNames: "assets/[name]-[hash].js",
        chunkFileNames: "assets/[name]-[hash].js",
        assetFileNames: "assets/[name]-[hash][extname]",
      },
    },
  },
})
