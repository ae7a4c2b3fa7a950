import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { violations } from "./axe.ts";
import { buildConsole, openBrowser } from "./browser.ts";
import { seen, startDrivePages, takeControl } from "./drive-page.ts";

let browser: Browser;

beforeAll(async () => {
  await buildConsole();
  browser = await openBrowser();
});

afterAll(() => browser?.close());

type Rung = { tones: number; shown: string[] };

/** Counts tones, and keeps notifications, which a headless browser shows nowhere; the page is told that nobody looks at it. */
async function countRings(page: Page): Promise<() => Promise<Rung>> {
  await page.addInitScript(() => {
    const rung: Rung = { tones: 0, shown: [] };
    let allowed: NotificationPermission = "default";
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (when) {
      rung.tones += 1;
      start.call(this, when);
    };
    const Notification = class {
      static get permission() {
        return allowed;
      }
      static async requestPermission() {
        allowed = "granted";
        return allowed;
      }
      constructor(title: string) {
        rung.shown.push(title);
      }
    };
    Object.assign(window, { rung, Notification });
  });
  await page.reload();
  await seen(page);
  return () => page.evaluate(() => (globalThis as unknown as { rung: Rung }).rung);
}

const lookAway = (page: Page) => page.evaluate(() => Object.defineProperty(document, "hasFocus", { value: () => false }));

test("a request for control, a STOP of another and a robot that drops sound, change the title and are notified of", async () => {
  const { openDrive, join, network, wrong } = await startDrivePages(browser);
  const page = await openDrive("operator");
  const rung = await countRings(page);
  await page.getByRole("button", { name: "Notify me too" }).click();
  await page.getByRole("button", { name: "Notify me too" }).waitFor({ state: "detached" });
  await takeControl(page);
  await lookAway(page);
  expect(await rung()).toEqual({ tones: 0, shown: [] });

  const owner = join("owner");
  owner.drive.request();
  const asks = "Olive Owner asks for control";
  await expect.poll(() => page.title()).toBe(`❗ ${asks} · Rover · Tether`);
  await expect.poll(rung).toEqual({ tones: 2, shown: [`${asks} of Rover.`] });
  await page.getByRole("button", { name: "Refuse" }).click();
  await expect.poll(() => page.title()).toBe("Rover · Tether");

  owner.drive.stop();
  await expect.poll(() => page.title()).toBe("❗ STOP · Rover · Tether");
  await expect.poll(async () => (await rung()).tones).toBe(5);
  expect((await rung()).shown[1]).toMatch(/(stopped|A stop is in force at) Rover\.$/);
  expect(await violations(page)).toEqual([]);
  await page.getByRole("button", { name: "Resume" }).click();
  await expect.poll(() => page.title()).toBe("Rover · Tether");

  // The page's own STOP is no news, and with the sounds off the rest is still told.
  await page.keyboard.press("Escape");
  await page.getByText("The robot stopped").waitFor();
  await page.getByRole("button", { name: "Resume" }).click();
  await page.getByText("You drive", { exact: true }).waitFor();
  expect((await rung()).tones).toBe(5);
  await page.getByRole("button", { name: "Alarm sounds" }).click();
  network.cut();
  await expect.poll(() => page.title()).toBe("❗ No answer · Rover · Tether");
  await expect.poll(async () => (await rung()).shown.at(-1)).toBe("Rover does not answer any more.");
  expect((await rung()).tones).toBe(5);
  expect(wrong()).toEqual([]);
});
