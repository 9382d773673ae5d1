import { expect, signIn, site, test, wellMade } from "../lib/site";

async function open(page: import("@playwright/test").Page, title: string): Promise<void> {
  await page.goto(`${site}/search?q=${encodeURIComponent(`"${title}"`)}`);
  await page.locator("a.image-container").first().click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText(title);
}

test("pictures of an album follow each other, by link and by key", async ({ page }) => {
  await open(page, "The long ridge");
  const first = page.url();
  await page.locator('a[rel="next"]').click();
  await expect(page).not.toHaveURL(first);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await page.keyboard.press("ArrowLeft");
  await expect(page).toHaveURL(first);
});

test("a picture is zoomed into and out of", async ({ page }) => {
  await open(page, "First light");
  await page.locator("#image-viewer a").first().click();
  await expect(page.locator(".pswp--open")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.locator(".pswp")).toHaveCount(0);
});

test("a 360° picture is looked around in", async ({ page }) => {
  await open(page, "All around");
  await page.locator("[data-sphere]").click();
  await expect(page.locator(".file-sphere canvas")).toBeVisible();
  await expect(page.locator("[data-sphere]")).toHaveCount(0);
  await expect(page.locator(".psv-loader-container")).toBeHidden();
});

test("codes and facts stand in tabs", async ({ page }) => {
  await open(page, "First light");
  await page.getByRole("tab", { name: "Embed codes" }).click();
  await expect(page.locator("#codes")).toBeVisible();
  await expect(page.locator("#about")).toBeHidden();
  await expect(page.locator("#codes")).toContainText("BBCode");
  await wellMade(page);
  await page.getByRole("tab", { name: "EXIF" }).click();
  await expect(page.locator("#exif")).toContainText("Seed One");
});

test("a film plays", async ({ page }) => {
  await page.goto(`${site}/explore/videos`);
  await page.locator("a.image-container").first().click();
  const film = page.locator("video");
  await expect(film).toHaveAttribute("poster", /\.fr\.jpeg$/);
  const played = await film.evaluate(async (v: HTMLVideoElement) => {
    v.muted = true;
    await v.play();
    await new Promise((done) => setTimeout(done, 600));
    return v.currentTime;
  });
  expect(played).toBeGreaterThan(0);
});

test("who may not like is asked to sign in, who may likes", async ({ page }) => {
  await open(page, "Quiet water");
  const viewer = page.url();
  await page.locator(".file-deeds a[href*='/login']").first().click();
  await expect(page).toHaveURL(/\/login/);
  await signIn(page, "bob");
  await page.goto(viewer);
  await page.locator('form[action$="/like"] button').click();
  await expect(page.locator('form[action$="/like"] button')).toContainText("1");
  await page.reload();
  await expect(page.locator('form[action$="/like"] button')).toContainText("1");
  await page.goto(`${site}/bob/liked`);
  await expect(page.locator("a.image-container")).toHaveCount(1);
});

test("owners edit and delete", async ({ page }) => {
  await signIn(page, "anna");
  await open(page, "Orientation 8");
  await page.locator('a[href$="/edit"]').first().click();
  await page.locator('[name="title"]').fill("Turned upright");
  await wellMade(page);
  await page.locator('main form button[type="submit"]').first().click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Turned upright");
});
