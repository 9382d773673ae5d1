import { defineConfig } from "@playwright/test";

// Started by browser_test.go, which gives the addresses of the sites.
export default defineConfig({
  testDir: process.env.VITRINE_SPECS ?? "specs",
  outputDir: process.env.VITRINE_OUTPUT ?? "/tmp/vitrine-browser",
  timeout: 180_000,
  expect: { timeout: 10_000 },
  forbidOnly: true,
  grep: new RegExp(process.env.VITRINE_JOURNEYS ?? ""),
  workers: 2,
  reporter: [["json", { outputFile: process.env.VITRINE_REPORT }]],
  use: {
    browserName: "chromium",
    headless: true,
    colorScheme: "light",
    locale: "en-US",
    timezoneId: "UTC",
    reducedMotion: "reduce",
    trace: "off",
    launchOptions: {
      executablePath: process.env.VITRINE_CHROMIUM ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--enable-unsafe-swiftshader", // 360° pictures are drawn with WebGL
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
