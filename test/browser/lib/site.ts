import AxeBuilder from "@axe-core/playwright";
import { test as base, expect, type Page } from "@playwright/test";

// The sites of browser_test.go: one with demo content, one that is new.
export const site = process.env.VITRINE_SITE!;
export const empty = process.env.VITRINE_EMPTY!;
export const password = process.env.VITRINE_PASSWORD!;

export const phone = { width: 390, height: 844 };
export const desk = { width: 1440, height: 900 };

// test watches every page: no error in the console, no request to another host.
export const test = base.extend<{ watched: void }>({
  watched: [
    async ({ page }, use) => {
      const faults: string[] = [];
      const hosts = [site, empty].map((s) => new URL(s).host);
      page.on("console", (m) => {
        if (m.type() !== "error") return;
        // The browser reports every answer of 400 and above, also those that a journey asks for.
        if (m.text().startsWith("Failed to load resource")) return;
        faults.push(`console: ${m.text()}`);
      });
      page.on("pageerror", (e) => faults.push(`exception: ${e.message}`));
      page.on("request", (r) => {
        const url = new URL(r.url());
        if (/^https?:$/.test(url.protocol) && !hosts.includes(url.host)) faults.push(`request to ${url.host}`);
      });
      await use();
      expect(faults).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

// signIn fills in the form as a person does.
export async function signIn(page: Page, name: string, at = site): Promise<void> {
  await page.goto(`${at}/login`);
  await page.locator('input[name="username"]').fill(name);
  await page.locator('input[name="password"]').fill(password);
  await page.locator('main form button[type="submit"]').click();
  await expect(page).not.toHaveURL(/login/);
}

// wellMade holds the page against axe, in both themes at both widths, and looks
// for what does not fit on it.
export async function wellMade(page: Page): Promise<void> {
  for (const size of [phone, desk]) {
    await page.setViewportSize(size);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      const axe = new AxeBuilder({ page });
      // Nothing but colours differs in the dark.
      if (colorScheme === "light") axe.withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]);
      else axe.withRules(["color-contrast", "link-in-text-block"]);
      const found = await axe.analyze();
      const told = found.violations.map((v) => `${v.id}: ${v.help}\n    ${v.nodes.map((n) => `${n.target} ${n.failureSummary}`).join("\n    ")}`);
      expect(told, `${page.url()} at ${size.width} px, ${colorScheme}`).toEqual([]);
    }
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width, `${page.url()} is wider than ${size.width} px`).toBeLessThanOrEqual(size.width);
  }
}

// linkTo is the address that the first link with this text leads to.
export async function linkTo(page: Page, from: string, name: string | RegExp): Promise<string> {
  await page.goto(from);
  const href = await page.getByRole("link", { name }).first().getAttribute("href");
  expect(href, `a link ${name} on ${from}`).not.toBeNull();
  return new URL(href!, page.url()).href;
}
