import { limits } from "@tether/protocol/limits";
import { platform } from "@tether/sdk/platform";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Driver, Given } from "../../../agent/src/driver/driver.ts";
import { createSimulated } from "../../../agent/src/driver/simulated/driver.ts";
import { violations } from "./axe.ts";
import { buildConsole, openBrowser } from "./browser.ts";
import { seen, startDrivePages, takeControl } from "./drive-page.ts";
import { driveUntil, key } from "./holding.ts";
import { delayPath } from "./slow-path.ts";

let browser: Browser;

beforeAll(async () => {
  await buildConsole();
  browser = await openBrowser();
});

afterAll(() => browser?.close());

const clock = platform.steady ?? platform.clock;
/** A picture is on the screen until the next one is, and the simulated camera takes 15 a second. */
const frameMs = 67;

/** From the next load on, pictures wait so long before they are shown, as on a path that is slow. */
const delayPictures = (page: Page, ms: number) =>
  page.addInitScript((delayMs) => {
    const { set } = Object.getOwnPropertyDescriptor(RTCRtpReceiver.prototype, "jitterBufferTarget") ?? {};
    Object.defineProperty(RTCRtpReceiver.prototype, "jitterBufferTarget", {
      configurable: true,
      set() {
        set?.call(this, delayMs);
      },
    });
  }, ms);

/**
 * The blind time that the page says, and the age of its picture by the mark in it, which is the driver's clock on this same machine: each the least of
 * many, since a picture ages until the next one comes.
 */
const compare = (page: Page) =>
  page.evaluate(
    async (fields) => {
      const video = document.querySelector("video");
      const canvas = Object.assign(document.createElement("canvas"), { width: fields.columns, height: fields.rows });
      const context = canvas.getContext("2d", { willReadFrequently: true });
      const ages: number[] = [];
      const told: number[] = [];
      for (let count = 0; count < 60; count += 1) {
        await new Promise((shown) => video?.requestVideoFrameCallback(shown));
        if (!video || !context) throw new Error("There is no picture.");
        const edge = video.videoHeight * fields.height;
        context.drawImage(video, 0, video.videoHeight - edge, video.videoWidth, edge, 0, 0, fields.columns, fields.rows);
        const bits = [...context.getImageData(0, 0, fields.columns, fields.rows).data].filter((_, at) => at % 4 === 1).slice(0, 32);
        const mark = bits.reduce((value, light) => value * 2 + (light > 128 ? 1 : 0), 0);
        ages.push((((performance.timeOrigin + performance.now()) % 2 ** 32) - mark + 2 ** 32) % 2 ** 32);
        const [, ms] = /Blind time ([\d,]+) ms/.exec(document.querySelector(".blind-time")?.textContent ?? "") ?? [];
        if (ms) told.push(Number(ms.replace(",", "")));
      }
      return { truthMs: Math.min(...ages), toldMs: Math.min(...told), count: told.length };
    },
    { columns: 20, rows: 2, height: 1 / 15 },
  );

test.each([0, 400, 1_500])(
  "the blind time is on the picture and is the truth, whose picture comes %i ms late [R22, R33, R34]",
  async (delayMs) => {
    const { openDrive, wrong } = await startDrivePages(browser, { limitsBlindTime: true });
    const page = await openDrive("viewer");
    await delayPictures(page, delayMs);
    await page.reload();
    await seen(page);
    await page.getByText(/Blind time \d/).waitFor();
    // The buffer takes a while to grow to what it was told.
    await expect.poll(async () => (await compare(page)).truthMs, { timeout: 60_000 }).toBeGreaterThanOrEqual(delayMs * 0.9);
    const { truthMs, toldMs, count } = await compare(page);
    expect(count).toBeGreaterThan(30);
    expect(Math.abs(toldMs - truthMs)).toBeLessThanOrEqual(truthMs * 0.05 + frameMs);
    const level = await page.locator(".blind-time").getAttribute("data-level");
    if (delayMs === 1_500) expect(level).toBe("blind");
    if (delayMs === 400) expect(level).toBe("slow");
    expect(await violations(page)).toEqual([]);
    expect(wrong()).toEqual([]);
  },
);

test("over a path of 150 ms each way the blind time is the picture's way and the command's, and the robot is limited by it [R22, R23, R33, R34]", async () => {
  const wayMs = 150;
  const { openDrive, deeds, wrong } = await startDrivePages(browser, { limitsBlindTime: true });
  const page = await openDrive("operator");
  await delayPath(page, wayMs);
  await page.reload();
  await seen(page);
  await page.getByText(/Blind time \d/).waitFor();
  const { truthMs, toldMs } = await compare(page);
  expect(truthMs).toBeGreaterThanOrEqual(wayMs);
  expect(Math.abs(toldMs - truthMs - wayMs)).toBeLessThanOrEqual((truthMs + wayMs) * 0.05 + frameMs);
  await takeControl(page);
  await driveUntil(page, key(page, "w"), () => deeds.all.filter(({ did }) => did === "command").length > 10);
  await page.keyboard.up("w");
  for (const { given } of deeds.all.flatMap((deed) => (deed.did === "command" ? [deed] : []))) {
    expect(given.blindMs).toBeGreaterThanOrEqual(2 * wayMs);
    expect(given.limit).toBeCloseTo(limits.control.blindMs.usual / (given.blindMs ?? 0), 5);
  }
  expect(wrong()).toEqual([]);
});

test("a robot whose camera freezes while commands come is limited, then stopped as blind, and the page says so [R22, R23]", async () => {
  const simulated = createSimulated(clock);
  let isFrozen = false;
  const driver: Driver = { ...simulated, video: (show) => simulated.video?.((frame) => isFrozen || show(frame)) ?? (() => {}) };
  const { openDrive, deeds, wrong } = await startDrivePages(browser, { driver, limitsBlindTime: true });
  const page = await openDrive("operator");
  await takeControl(page);
  const isCommand = ({ did }: { readonly did: string }) => did === "command";
  /** Drives, freezes the camera, and tells where that begins in the robot's deeds and the stop that it came to. */
  const freeze = async () => {
    isFrozen = false;
    await seen(page);
    const driven = deeds.all.length;
    await driveUntil(page, key(page, "w"), () => deeds.all.slice(driven).some(isCommand));
    const before = deeds.all.length;
    isFrozen = true;
    const stop = await deeds.until("a stop", ({ did }) => did === "stop", before);
    return { before, stop };
  };
  let { before, stop } = await freeze();
  // Where a busy machine kept the commands back the robot stood for want of them, and the camera freezes once more.
  for (let attempt = 1; attempt < 5 && stop.did === "stop" && stop.reason !== "blind"; attempt += 1) {
    await page.keyboard.up("w");
    ({ before, stop } = await freeze());
  }
  expect(stop).toMatchObject({ did: "stop", reason: "blind" });
  const obeyed = deeds.all.slice(before, deeds.all.indexOf(stop)).flatMap((deed) => (deed.did === "command" ? [deed] : []));
  const last = obeyed.at(-1);
  // It stops so long after the picture was taken by which it was driven last.
  expect(stop.at - (last?.at ?? 0) + (last?.given.blindMs ?? 0)).toBeGreaterThanOrEqual(limits.control.stopMs.usual - 2 * frameMs);
  expect(last?.given.limit).toBeLessThan(0.5);
  const isLimited = ({ limit, blindMs = 0 }: Given) => Math.abs(limit - Math.min(1, limits.control.blindMs.usual / blindMs)) < 0.01;
  expect(obeyed.every(({ given }) => isLimited(given))).toBe(true);
  await page.getByText("This picture is old.").waitFor();
  await page.locator(".blind-time[data-level='blind']", { hasText: "the robot stops" }).waitFor();
  await page.getByText("the picture and the commands came too late", { exact: false }).waitFor();
  await deeds.until("a robot that stands", (deed) => deed.did === "stood" && deed.reason === "blind");
  const stood = deeds.all.length;
  isFrozen = false;
  await seen(page);
  await page.locator(".blind-time[data-level='blind']").waitFor({ state: "detached" });
  await page.keyboard.up("w");
  await driveUntil(page, key(page, "w"), () => deeds.all.slice(stood).some(isCommand));
  await page.keyboard.up("w");
  expect(wrong()).toEqual([]);
});
