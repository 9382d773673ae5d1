import { readFileSync } from "node:fs";
import { join } from "node:path";
import { picture } from "../lib/pictures";
import type { Page } from "@playwright/test";
import { desk, empty, expect, phone, signIn, site, test, wellMade } from "../lib/site";

// japanese is a text as the site says it in Japanese.
const japanese = JSON.parse(readFileSync(join(import.meta.dirname, "../../../internal/locale/catalogs/ja/upload.json"), "utf8")) as Record<string, string>;

// choose hands files over as a person does who browses for them.
async function choose(page: Page, files: Parameters<import("@playwright/test").FileChooser["setFiles"]>[0]): Promise<void> {
  const asked = page.waitForEvent("filechooser");
  await page.locator("[data-browse]").click();
  await (await asked).setFiles(files);
}

test("a new visitor drops three files, makes an album of them and copies a BBCode link, on a phone, in Japanese", async ({ browser }) => {
  test.setTimeout(60_000); // as the promise says
  const context = await browser.newContext({ viewport: phone, locale: "ja-JP", hasTouch: true, isMobile: true, permissions: ["clipboard-read", "clipboard-write"] });
  const page = await context.newPage();
  await page.goto(empty);
  expect(await page.getAttribute("html", "lang")).toBe("ja");
  const files = [picture("ichi.png"), picture("ni.png"), picture("san.png")];
  // What a browser does when files are dropped.
  const dropped = await page.evaluateHandle(
    (list) => {
      const data = new DataTransfer();
      for (const f of list) data.items.add(new File([Uint8Array.from(atob(f.bytes), (c) => c.charCodeAt(0))], f.name, { type: "image/png" }));
      return data;
    },
    files.map((f) => ({ name: f.name, bytes: f.buffer.toString("base64") })),
  );
  await page.dispatchEvent("main", "dragenter", { dataTransfer: dropped });
  await page.dispatchEvent("main", "dragover", { dataTransfer: dropped });
  await page.dispatchEvent("main", "drop", { dataTransfer: dropped });
  await expect(page.locator(".ucard")).toHaveCount(3);
  await page.locator("[data-start]").click();
  const finished = page.locator("[data-finished]");
  await expect(finished).toBeVisible();

  await finished.locator("#album-name").fill("三枚");
  await finished.getByRole("button", { name: japanese["upload.album_button"] }).click();
  await expect(page.locator("[data-album-said]")).toContainText("三枚");

  await finished.getByText("BBCode", { exact: true }).click();
  await expect(finished.locator("#codes-text")).toHaveValue(/\[url=.*\]\[img\].*\[\/img\]\[\/url\]|\[img\].*\[\/img\]/);
  await finished.getByRole("button", { name: japanese["upload.copy_all"] }).click();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied.match(/\[img\]/g)).toHaveLength(3);

  await page.locator("[data-album-said] a").click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("三枚");
  await expect(page.locator("a.image-container")).toHaveCount(3);
  await context.close();
});

test("a queue outlives a reload, a refused file says why, and the rest goes on", async ({ page }) => {
  await page.goto(empty);
  await choose(page, [picture("kept.png"), { name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("not a picture") }]);
  await expect(page.locator(".ucard", { hasText: "kept" })).toBeVisible();
  await page.waitForTimeout(800); // the queue is written in the background
  await page.reload();
  const card = page.locator(".ucard", { hasText: "kept" });
  await expect(card).toBeVisible();
  await card.locator("[data-edit]").first().click();
  const editor = page.locator("#editor");
  await expect(editor).toBeVisible();
  await editor.locator('[name="title"]').fill("Kept over a reload");
  await editor.locator('button[value="save"]').click();
  await page.locator("[data-start]").click();
  await expect(page.locator("[data-finished]")).toBeVisible();
  await page.goto(`${empty}/search?q=${encodeURIComponent('"kept over a reload"')}`);
  await expect(page.locator("a.image-container")).toHaveCount(1);
});

test("uploads work without scripts", async ({ browser }) => {
  const context = await browser.newContext({ javaScriptEnabled: false, viewport: desk });
  const page = await context.newPage();
  await page.goto(empty);
  await page.locator('input[type="file"]').first().setInputFiles([picture("plain-1.png"), picture("plain-2.png")]);
  await page.locator('form#upload-form button[type="submit"]').first().click();
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.getByText("[img]").first()).toBeVisible();
  await context.close();
});

test("who signs in finds albums to upload to", async ({ page }) => {
  await signIn(page, "anna");
  await page.goto(site);
  await choose(page, picture("mine.png"));
  await expect(page.locator(".ucard")).toHaveCount(1);
  await wellMade(page);
  await page.locator("[data-start]").click();
  const finished = page.locator("[data-finished]");
  await expect(finished).toBeVisible();
  await wellMade(page);
  await finished.locator("#album-old").selectOption({ label: "Drafts" });
  await finished.locator("form[data-album]", { has: page.locator("#album-old") }).getByRole("button").click();
  await expect(page.locator("[data-album-said]")).toContainText("Drafts");
});

test("a picture is pasted, turned, and sent again after the network failed", async ({ page }) => {
  await page.goto(empty);
  await page.evaluate(
    (bytes) => {
      const data = new DataTransfer();
      data.items.add(new File([Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0))], "pasted.png", { type: "image/png" }));
      document.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true }));
    },
    picture("pasted.png", 300, 200).buffer.toString("base64"),
  );
  const card = page.locator(".ucard");
  await expect(card).toHaveCount(1);
  await card.locator("[data-edit]").click();
  await page.locator("[data-crop]").click();
  await page.locator("[data-turn]").first().click();
  await page.locator("[data-crop-apply]").click();
  await page.locator('#editor button[value="save"]').click();

  let offline = true;
  await page.route("**/*", (route) => (offline && route.request().method() === "POST" ? route.abort() : route.continue()));
  await page.locator("[data-start]").click();
  await expect(card).toHaveAttribute("data-state", "failed");
  offline = false;
  await card.locator("[data-retry]").click();
  await expect(page.locator("[data-finished]")).toBeVisible();
  await card.locator("[data-name] a").click();
  const size = await page.locator("#image-viewer img").evaluate(async (i: HTMLImageElement) => (await i.decode(), [i.naturalWidth, i.naturalHeight]));
  expect(size[0]! / size[1]!).toBeCloseTo(200 / 300, 1);
});

test("a busy server is asked again when it said", async ({ page }) => {
  await page.goto(empty);
  await choose(page, picture("patient.png"));
  let refused = 0;
  await page.route("**/*", (route) => {
    if (route.request().method() !== "POST" || refused > 0) return route.continue();
    refused++;
    return route.fulfill({ status: 503, headers: { "Retry-After": "1" }, json: { error: { message: "The server is busy" } } });
  });
  await page.locator("[data-start]").click();
  await expect(page.locator("[data-finished]")).toBeVisible();
  expect(refused).toBe(1);
});

test("an upload under way is cancelled", async ({ page }) => {
  await page.goto(empty);
  await choose(page, picture("never.png"));
  await page.route("**/*", (route) => (route.request().method() === "POST" ? undefined : route.continue()));
  await page.locator("[data-start]").click();
  const card = page.locator(".ucard", { hasText: "never" });
  await expect(card).toHaveAttribute("data-state", "going");
  await card.locator("[data-remove]").click();
  await expect(card).toHaveCount(0);
});
