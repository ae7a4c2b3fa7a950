import { password } from "@tether/local/identity/user";
import type { Page, Request } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { signIn } from "./browser.ts";
import { pauseTime } from "./page-time.ts";
import { type Running, startConsole } from "./rig.ts";
import { openTab } from "./tab.ts";

let running: Running;

beforeAll(async () => {
  running = await startConsole();
});

afterAll(() => running?.stop());

/** The requests of a page to the API while a minute passes in it, by path, and how often. */
async function minuteOf(page: Page): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  let answered = Promise.resolve<unknown>(undefined);
  const count = (request: Request) => {
    const { pathname } = new URL(request.url());
    if (!pathname.startsWith("/v1/")) return;
    counts[pathname] = (counts[pathname] ?? 0) + 1;
    answered = request.response().then((response) => response?.finished());
  };
  page.on("request", count);
  for (let passed = 0; passed < 60; passed++) {
    await page.clock.runFor(1_000);
    // Requests under way are answered before more time passes.
    await answered;
    await page.evaluate(() => undefined);
  }
  page.off("request", count);
  return counts;
}

const hide = (page: Page, hidden: boolean) =>
  page.evaluate((value) => {
    Object.defineProperty(document, "hidden", { configurable: true, get: () => value });
    document.dispatchEvent(new Event("visibilitychange"));
  }, hidden);

test("a fleet costs one request every 2.5 s while it is used, every 5 s while it is not, none while nobody looks, and is new at once when someone does", async () => {
  const { page, wrong } = await openTab(running.browser);
  await page.clock.install();
  await signIn(page, running.system.origin, "owner", password);
  await page.getByText("Online").first().waitFor();
  await pauseTime(page);
  await page.mouse.move(100, 100);
  expect((await minuteOf(page))["/v1/robots"]).toBeGreaterThan(18);
  const seen = await minuteOf(page);
  expect(Object.keys(seen)).toEqual(["/v1/robots"]);
  expect(seen["/v1/robots"]).toBeGreaterThan(8);
  expect(seen["/v1/robots"]).toBeLessThanOrEqual(12);
  await hide(page, true);
  expect(await minuteOf(page)).toEqual({});
  const fresh = page.waitForResponse((response) => response.url().endsWith("/v1/robots") && response.ok());
  await hide(page, false);
  await fresh;
  expect(wrong).toEqual([]);
});
