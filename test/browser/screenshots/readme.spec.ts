import { join } from "node:path";
import type { Page } from "@playwright/test";
import { desk, phone, signIn, site, test } from "../lib/site";

const folder = process.env.VITRINE_SCREENSHOTS!;

// settle waits until every picture in view has come.
async function settle(page: Page): Promise<void> {
  await page.waitForLoadState("networkidle");
  await page.evaluate(async () => {
    const seen = [...document.images].filter((i) => i.getBoundingClientRect().top < innerHeight);
    await Promise.all(seen.map((i) => i.decode().catch(() => undefined)));
  });
}

async function shoot(page: Page, name: string): Promise<void> {
  await settle(page);
  await page.screenshot({ path: join(folder, `${name}.jpg`), type: "jpeg", quality: 82 });
}

const views: [name: string, path: string, size: { width: number; height: number }, scheme: "light" | "dark", lang: string][] = [
  ["explore", "/explore/recent", desk, "light", "en"],
  ["explore-phone", "/explore/recent", phone, "dark", "ja"],
  ["upload", "/", desk, "light", "en"],
  ["upload-phone", "/", phone, "dark", "ja"],
];

for (const [name, path, size, colorScheme, lang] of views)
  test(name, async ({ page }) => {
    await page.setViewportSize(size);
    await page.emulateMedia({ colorScheme });
    await page.goto(`${site}${path}?lang=${lang}`);
    await shoot(page, name);
  });

test("viewer", async ({ page }) => {
  await page.setViewportSize(desk);
  await page.goto(`${site}/search?q="first light"`);
  await page.locator("a.image-container").first().click();
  await shoot(page, "viewer");
  await page.setViewportSize(phone);
  await page.emulateMedia({ colorScheme: "dark" });
  await shoot(page, "viewer-phone");
});

test("album", async ({ page }) => {
  await page.setViewportSize(desk);
  await signIn(page, "anna");
  await page.goto(`${site}/anna/albums`);
  await page.getByRole("link", { name: /Summer by the fjord/ }).first().click();
  await shoot(page, "album");
});
