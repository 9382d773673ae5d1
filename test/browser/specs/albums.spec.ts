import { expect, password, signIn, site, test, wellMade } from "../lib/site";

test("an album is made, moved, protected, opened and deleted", async ({ page, browser }) => {
  await signIn(page, "dmitri");
  await page.goto(`${site}/albums/new`);
  await page.locator("#name").fill("Secret garden");
  await page.locator('input[name="privacy"][value="password"]').check();
  await page.locator("#password").fill("roses");
  await page.locator('main form button[type="submit"]').last().click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Secret garden");
  const address = page.url();
  await wellMade(page);

  const stranger = await browser.newContext();
  const there = await stranger.newPage();
  await there.goto(address);
  await expect(there.locator('[name="content-password"]')).toBeVisible();
  await wellMade(there);
  await there.locator('[name="content-password"]').fill("tulips");
  await there.locator('main form button[type="submit"]').click();
  await expect(there.getByRole("alert")).toBeVisible();
  await there.locator('[name="content-password"]').fill("roses");
  await there.locator('main form button[type="submit"]').click();
  await expect(there.getByRole("heading", { level: 1 })).toContainText("Secret garden");
  await stranger.close();

  await page.goto(`${address}/edit`);
  await wellMade(page);
  await page.locator("#name").fill("Open garden");
  await page.locator('input[name="privacy"][value="public"]').check();
  await page.locator('main form button[type="submit"]').last().click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Open garden");

  await page.goto(`${page.url()}/delete`);
  await wellMade(page);
  await page.locator("main form .btn-error").click();
  await page.goto(address);
  await expect(page.getByRole("heading", { level: 1 })).not.toContainText("garden");
});

test("a private album is nobody else's", async ({ page, browser }) => {
  await signIn(page, "anna");
  await page.goto(`${site}/anna/albums`);
  await page.getByRole("link", { name: /Family/ }).first().click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Family");
  const address = page.url();
  const thumb = await page.locator("img.listing-picture").first().getAttribute("src");
  const stranger = await browser.newContext();
  for (const path of [address, new URL(thumb!, address).href]) expect((await stranger.request.get(path)).status()).toBe(404);
  await stranger.close();
});

test("signing in, keys and signing out", async ({ page }) => {
  await page.goto(`${site}/login`);
  await page.locator('input[name="username"]').fill("chiyo");
  await page.locator('input[name="password"]').fill(`${password}!`);
  await page.locator('main form button[type="submit"]').click();
  await expect(page.getByRole("alert")).toBeVisible();
  await wellMade(page);
  await signIn(page, "chiyo");
  await page.goto(`${site}/settings/keys`);
  await page.locator("#key-name").fill("Phone");
  await page.locator('main form:has(#key-name) button[type="submit"]').click();
  await expect(page.locator("#made")).toBeVisible();
  await expect(page.getByText(/X-API-Key: chv_/)).toBeVisible();
  await wellMade(page);
});
