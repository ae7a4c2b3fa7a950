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

const size = { width: 320, height: 180, kbits: 400 } as const;

/** The widths of the pictures on the page, by the name of their camera. */
const widths = (page: Page) =>
  page.evaluate(() =>
    Object.fromEntries(
      [...document.querySelectorAll<HTMLVideoElement>(".pictures video")].map((video) => [
        (video.srcObject as MediaStream | null)?.id ?? "",
        Math.round(video.getBoundingClientRect().width),
      ]),
    ),
  );

test("an operator drives by the camera of their choice, with the others over its edge, beside it, or not at all [V1, V2]", async () => {
  const { openDrive, wrong } = await startDrivePages(browser, {
    limitsBlindTime: true,
    cameras: [
      { name: "front", source: "test", ...size },
      { name: "rear", source: "gst:videotestsrc is-live=true pattern=smpte ! video/x-raw,width=320,height=180,framerate=30/1", ...size },
    ],
  });
  const page = await openDrive("operator");
  await takeControl(page);
  await page.getByText(/^Blind time \d+ ms of/).waitFor();
  await page.getByRole("button", { name: "rear", exact: true }).click();
  await page.getByRole("button", { name: "front", exact: true }).waitFor();
  const large = await widths(page);
  expect(large.rear).toBeGreaterThan(2 * (large.front ?? 0));
  await page.locator("[data-freshness='live']").waitFor();
  await page.getByText(/^Blind time \d+ ms of/).waitFor();
  expect(await violations(page)).toEqual([]);

  await page.getByRole("button", { name: "Side by side" }).click();
  const side = await widths(page);
  expect(Math.abs((side.front ?? 0) - (side.rear ?? 1_000))).toBeLessThanOrEqual(1);
  expect(await violations(page)).toEqual([]);

  await page.getByRole("button", { name: "One alone" }).click();
  expect(Object.keys(await widths(page))).toEqual(["rear"]);
  await page.getByRole("button", { name: "One large" }).click();
  await page.getByRole("button", { name: "front", exact: true }).waitFor();
  expect(wrong()).toEqual([]);
});

test("a camera whose program ends is told on the picture by its name", async () => {
  const { openDrive } = await startDrivePages(browser, {
    cameras: [
      { name: "front", source: "test", ...size },
      { name: "rear", source: "gst:videotestsrc is-live=true num-buffers=60 ! video/x-raw,width=320,height=180,framerate=30/1", ...size },
    ],
  });
  const page = await openDrive("viewer");
  await page.getByText("The camera rear failed: The source ended. It is started again.").waitFor();
});
