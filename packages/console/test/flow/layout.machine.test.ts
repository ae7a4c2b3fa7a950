import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { violations } from "./axe.ts";
import { buildConsole, openBrowser } from "./browser.ts";
import { pictures, startDrivePages, takeControl } from "./drive-page.ts";

let browser: Browser;

beforeAll(async () => {
  await buildConsole();
  browser = await openBrowser();
});

afterAll(() => browser?.close());

/** The smallest picture that a window of this size must show, in CSS pixels, and the largest share of a picture that its tools may lie over, of 1. */
const sizes = [
  { window: "a phone", width: 390, height: 844, picture: { width: 375, height: 280 }, tools: 0 },
  { window: "a phone held sideways", width: 844, height: 390, picture: { width: 820, height: 300 }, tools: 0.1 },
  { window: "a laptop at 200 %", width: 720, height: 450, picture: { width: 700, height: 300 }, tools: 0.25 },
  { window: "a tablet", width: 820, height: 1180, picture: { width: 800, height: 600 }, tools: 0 },
  { window: "a laptop", width: 1440, height: 900, picture: { width: 1420, height: 740 }, tools: 0.05 },
  { window: "a large screen", width: 2560, height: 1440, picture: { width: 2540, height: 1280 }, tools: 0.05 },
  { window: "an ultra-wide screen", width: 3440, height: 1440, picture: { width: 3420, height: 1280 }, tools: 0.05 },
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
    await expect.poll(() => page.evaluate(() => [innerWidth, innerHeight])).toEqual([width, height]);
    await page.evaluate(() => scrollTo(0, 0));
    await pictures(page, 1);
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

/** The largest share that the tools lie over, of all pictures. */
function covered(page: Page): Promise<number> {
  return page.evaluate(() => {
    const tools = [...document.querySelectorAll(".screen-tools .button")].map((tool) => tool.getBoundingClientRect());
    const shares = [...document.querySelectorAll<HTMLVideoElement>(".pictures video")].map((video) => {
      const box = video.getBoundingClientRect();
      const scale = Math.min(box.width / video.videoWidth, box.height / video.videoHeight);
      const [width, height] = [video.videoWidth * scale, video.videoHeight * scale];
      // A wide window shows the picture from the left.
      const left = getComputedStyle(video).objectPosition.startsWith("0") ? box.left : box.left + (box.width - width) / 2;
      const top = box.top + (box.height - height) / 2;
      const over = tools.map((tool) => {
        const across = Math.min(tool.right, left + width) - Math.max(tool.left, left);
        return Math.max(0, across) * Math.max(0, Math.min(tool.bottom, top + height) - Math.max(tool.top, top));
      });
      return over.reduce((sum, area) => sum + area, 0) / (width * height);
    });
    return Math.max(...shares);
  });
}

test("the tools leave the pictures of four cameras to be seen: held upright they lie below, where a STOP in force does not cover them, else over an edge", async () => {
  const cameras = ["front", "rear", "left", "gripper"].map((name) => ({
    name,
    source: "test",
    width: 160,
    height: 90,
    fps: 5,
    kbits: 150,
  }));
  const { openDrive, wrong } = await startDrivePages(browser, { cameras });
  const page = await openDrive("operator");
  await takeControl(page);
  for (const layout of ["large", "side"]) {
    if (layout === "side") await page.getByRole("button", { name: "Side by side" }).click();
    const sizesOf = () =>
      page.evaluate(() => [...document.querySelectorAll<HTMLVideoElement>(".pictures video")].map(({ videoWidth }) => videoWidth));
    await expect.poll(sizesOf, { timeout: 60_000 }).toEqual([160, 160, 160, 160]);
    for (const { window, width, height, tools } of sizes) {
      await page.setViewportSize({ width, height });
      await page.evaluate(() => scrollTo(0, 0));
      expect.soft(await covered(page), `${window}: ${layout}`).toBeLessThanOrEqual(tools);
    }
  }
  const [{ width, height }] = sizes;
  await page.setViewportSize({ width, height });
  await page.keyboard.press("Escape");
  await page.getByText("STOP is in force.").waitFor();
  await page.getByRole("button", { name: "Snapshot" }).click({ trial: true });
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
  const reached = async () => {
    const { stop, stick } = await places(page);
    return [stop.isReached, stick.isReached];
  };
  await expect.poll(reached).toEqual([true, true]);
  await page.getByRole("button", { name: "Leave full screen" }).click();
  await page.getByRole("button", { name: "Full screen", exact: true }).waitFor();
  expect(await page.getByRole("button", { name: "Resume" }).count()).toBe(0);
  await enter();
  // The browser leaves full screen by itself at Escape.
  await page.evaluate(() => document.exitFullscreen());
  await page.getByRole("button", { name: "Resume" }).waitFor();
  expect(wrong()).toEqual([]);
});
