import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, signIn, site, test } from "../lib/site";

type Message = string | Record<string, string>;

// catalogue reads all texts of a language.
function catalogue(lang: string): Map<string, string[]> {
  const folder = join(import.meta.dirname, "../../../internal/locale/catalogs", lang);
  const texts = new Map<string, string[]>();
  for (const name of readdirSync(folder)) {
    const file = JSON.parse(readFileSync(join(folder, name), "utf8")) as Record<string, Message>;
    for (const [key, message] of Object.entries(file)) texts.set(key, typeof message === "string" ? [message] : Object.values(message));
  }
  return texts;
}

// onlyEnglish are the English texts that are others in the language.
function onlyEnglish(lang: string): Set<string> {
  const own = catalogue(lang);
  const found = new Set<string>();
  for (const [key, texts] of catalogue("en"))
    for (const text of texts)
      if (!text.includes("{{") && !own.get(key)?.includes(text)) found.add(text.trim());
  // What means the same word in both is no sign.
  for (const texts of own.values()) for (const text of texts) found.delete(text.trim());
  return found;
}

// What the demo content calls things, whatever the language of the page.
const content = new Set(["Summer by the fjord", "Evenings", "Every orientation", "Family", "For friends", "Drafts", "Formats", "Landscapes", "Travel", "Night sky", "animated", "family", "formats", "Vitrine Seed One"]);

const pages = [
  "/", "/explore/recent", "/explore/albums", "/explore/tags", "/explore/users", "/category/landscapes", "/tag/norway", "/search", "/search?q=fjord",
  "/search?q=zzzz", "/anna", "/anna/albums", "/api-v1", "/login", "/no/such/page",
];
const own = ["/", "/anna", "/anna/liked", "/albums/new", "/settings", "/settings/account", "/settings/password", "/settings/keys", "/settings/sessions"];

for (const lang of ["nb", "ru", "ja", "zh-CN"]) {
  test(`no page shows raw English in ${lang}`, async ({ page, context }) => {
    test.setTimeout(240_000);
    const english = onlyEnglish(lang);
    await context.addCookies([{ name: "lang", value: lang, url: site }]);

    const check = async (path: string): Promise<void> => {
      await page.goto(new URL(path, site).href, { waitUntil: "load" });
      expect(await page.getAttribute("html", "lang"), path).toBe(lang);
      const seen = await page.evaluate(() => {
        // What people wrote, and what is code, is in the language in which it was written.
        const foreign = '[dir="auto"], code, pre, kbd, samp, textarea, script, style, [lang]:not(html), [translate="no"]';
        const texts: string[] = [document.title];
        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        for (let node = walker.nextNode(); node; node = walker.nextNode())
          if (!node.parentElement?.closest(foreign)) texts.push(node.textContent ?? "");
        for (const element of document.body.querySelectorAll("[aria-label], [title], [placeholder], [data-tip]"))
          if (!element.closest(foreign))
            for (const name of ["aria-label", "title", "placeholder", "data-tip"]) texts.push(element.getAttribute(name) ?? "");
        return texts.map((t) => t.replace(/\s+/g, " ").trim()).filter((t) => t !== "");
      });
      const told = seen.filter((t) => !content.has(t));
      const raw = told.filter((t) => english.has(t));
      // Words that no catalogue knows: two or more in Latin letters where others are written.
      if (lang !== "nb") raw.push(...told.filter((t) => /^[A-Za-z][a-z']+( [A-Za-z][a-z']+)+[.!?…]?$/.test(t)));
      expect(raw, `${path} in ${lang}`).toEqual([]);
    };

    for (const path of pages) await check(path);
    await page.goto(`${site}/explore/recent`);
    const viewer = await page.locator("a.image-container").first().getAttribute("href");
    await check(viewer!);
    await page.goto(`${site}/explore/videos`);
    await check((await page.locator("a.image-container").first().getAttribute("href"))!);
    await page.goto(`${site}/anna/albums`);
    await check((await page.locator('main a[href*="/album/"]').first().getAttribute("href"))!);
    await signIn(page, "anna");
    for (const path of own) await check(path);
    await check(`${viewer!.replace(/\/$/, "")}`);
  });
}
