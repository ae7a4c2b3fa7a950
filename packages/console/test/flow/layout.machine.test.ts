import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { violations } from "./axe.ts";
import { buildConsole, openBrowser } from "./browser.ts";
import { startDrivePages, takeControl } from "./drive-page.ts";

let browser: Browser;

beforeAll(async () => {
  await buildConsole();
  browser = await openBrowser();
});

afterAll(() => browser?.close());

/** The smallest picture that a window of this size must show, in CSS pixels. */
const sizes = [
  { window: "a phone", width: 390, height: 844, picture: { width: 375, height: 280 } },
  { window: "a phone held sideways", width: 844, height: 390, picture: { width: 820, height: 300 } },
  { window: "a laptop at 200 %", width: 720, height: 450, picture: { width: 700, height: 300 } },
  { window: "a tablet", width: 820, height: 1180, picture: { width: 800, height: 600 } },
  { window: "a laptop", width: 1440, height: 900, picture: { width: 1420, height: 740 } },
  { window: "a large screen", width: 2560, height: 1440, picture: { width: 2540, height: 1280 } },
  { window: "an ultra-wide screen", width: 3440, height: 1440, picture: { width: 3420, height: 1280 } },
] as const;

/** The places of the picture, STOP and the joystick, and whether a finger in the middle of the last two meets them. */
function places(page: Page) {
  return page.evaluate(() => {
    const of = (selector: string) => {
      const element = document.querySelector(selector);
      const { left, top, right, bottom, width, height } = element?.getBoundingClientRect() ?? new DOMRect();
      const hit = document.elementFromPoint(left + width / 2, top + height / 2);
      return { left, top, right, bottom, width, height, isReached: element?.contains(hit) ?? false };
    };
    return {
      screen: of(".screen"),
      stop: of(".stop"),
      stick: of(".joystick"),
      room: { width: document.documentElement.clientWidth, height: innerHeight, overflow: document.documentElement.scrollWidth },
    };
  });
}

test("the picture has what room the window gives it, with STOP and the stick in reach over it", async () => {
  const { openDrive, wrong } = await startDrivePages(browser);
  const page = await openDrive("operator");
  await takeControl(page);
  for (const { window, width, height, picture } of sizes) {
    await page.setViewportSize({ width, height });
    await page.evaluate(() => scrollTo(0, 0));
    const { screen, stop, stick, room } = await places(page);
    expect.soft(screen.width, `${window}: width`).toBeGreaterThanOrEqual(picture.width);
    expect.soft(screen.height, `${window}: height`).toBeGreaterThanOrEqual(picture.height);
    expect.soft(screen.bottom, `${window}: whole picture`).toBeLessThanOrEqual(room.height);
    expect.soft(room.overflow, `${window}: no scrolling sideways`).toBeLessThanOrEqual(room.width);
    for (const [name, { left, top, right, bottom, isReached }] of Object.entries({ stop, stick })) {
      expect.soft(isReached, `${window}: ${name} is on top`).toBe(true);
      expect
        .soft([left >= 0, top >= 0, right <= room.width, bottom <= room.height], `${window}: ${name} is in the window`)
        .toEqual([true, true, true, true]);
    }
    expect.soft(stop.right, `${window}: STOP left of the stick`).toBeLessThan(stick.left);
    expect.soft(Math.min(stop.width, stop.height), `${window}: STOP is large`).toBeGreaterThanOrEqual(64);
    expect.soft(await violations(page), window).toEqual([]);
  }
  expect(wrong()).toEqual([]);
});

test("full screen shows STOP too; to leave it by Escape, which the browser keeps for itself, stops the robot, and by the button does not", async () => {
  const { openDrive, wrong } = await startDrivePages(browser);
  const page = await openDrive("operator");
  await takeControl(page);
  const enter = async () => {
    await page.getByRole("button", { name: "Full screen", exact: true }).click();
    await page.getByRole("button", { name: "Leave full screen" }).waitFor();
  };
  await enter();
  const { stop, stick } = await places(page);
  expect([stop.isReached, stick.isReached]).toEqual([true, true]);
  await page.getByRole("button", { name: "Leave full screen" }).click();
  await page.getByRole("button", { name: "Full screen", exact: true }).waitFor();
  expect(await page.getByRole("button", { name: "Resume" }).count()).toBe(0);
  await enter();
  // The browser leaves full screen by itself at Escape.
  await page.evaluate(() => document.exitFullscreen());
  await page.getByRole("button", { name: "Resume" }).waitFor();
  expect(wrong()).toEqual([]);
});
