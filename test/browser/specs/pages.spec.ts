import { expect, linkTo, signIn, site, test, wellMade } from "../lib/site";

// Every page that anybody can reach, with what proves that it is the right one.
const pages: [path: string, heading: RegExp][] = [
  ["/", /./],
  ["/explore/recent", /./],
  ["/explore/trending", /./],
  ["/explore/popular", /./],
  ["/explore/images", /./],
  ["/explore/videos", /./],
  ["/explore/animated", /./],
  ["/explore/albums", /./],
  ["/explore/tags", /./],
  ["/explore/users", /./],
  ["/category/landscapes", /Landscapes/],
  ["/tag/norway", /norway/],
  ["/tag/no-such-tag-here", /./],
  ["/search", /./],
  ["/search?q=fjord", /./],
  ["/search?q=zzzzzz", /./],
  ["/anna", /anna/],
  ["/anna/albums", /anna/],
  ["/api-v1", /API/],
  ["/login", /./],
  ["/no/such/page", /./],
];

for (const [path, heading] of pages) {
  test(`${path} is well made`, async ({ page }) => {
    await page.goto(site + path);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(heading);
    await wellMade(page);
  });

  test(`${path} reads without scripts`, async ({ browser }) => {
    const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 390, height: 844 } });
    const page = await context.newPage();
    await page.goto(site + path);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(heading);
    await expect(page.getByRole("main")).toBeVisible();
    await context.close();
  });
}

const titles = ["First light", "Tall", "A very wide view", "Small", "GIF", "MP4", "WEBM", "Behind a cover", "霧", "Дорога домой", "Only for today"];
for (const title of titles) {
  test(`the viewer of ${title} is well made`, async ({ page }) => {
    await page.goto(`${site}/search?q=${encodeURIComponent(title)}`);
    await page.locator("a.image-container").first().click();
    await expect(page.getByRole("heading", { level: 1 })).toContainText(title);
    await wellMade(page);
  });
}

test("album pages are well made", async ({ page }) => {
  const album = await linkTo(page, `${site}/explore/albums`, /Summer by the fjord/);
  await page.goto(album);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Summer by the fjord");
  await wellMade(page);
});

test("the pages of a user are well made", async ({ page }) => {
  await signIn(page, "anna");
  for (const path of ["/", "/anna", "/anna/albums", "/anna/liked", "/albums/new", "/settings", "/settings/account", "/settings/password", "/settings/keys", "/settings/sessions"]) {
    await page.goto(site + path);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(/./);
    await wellMade(page);
  }
});
