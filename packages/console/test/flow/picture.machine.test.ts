import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { violations } from "./axe.ts";
import { buildConsole, openBrowser } from "./browser.ts";
import { seen, startDrivePages } from "./drive-page.ts";

let browser: Browser;

beforeAll(async () => {
  await buildConsole();
  browser = await openBrowser();
});

afterAll(() => browser?.close());

/** As a browser does that saves power: a picture begins only where someone asked for it. */
const blockAutoplay = (page: Page) =>
  page.addInitScript(() => {
    const play = HTMLMediaElement.prototype.play;
    let isAsked = false;
    const ask = () => {
      isAsked = true;
    };
    addEventListener("click", ask, true);
    HTMLMediaElement.prototype.play = function () {
      return isAsked ? play.call(this) : Promise.reject(new DOMException("Nobody asked.", "NotAllowedError"));
    };
  });

const start = (page: Page) => page.getByRole("button", { name: "Start the picture" });
const frozen = (page: Page) => page.locator("[data-freshness='frozen']").waitFor();

test("a picture that the browser does not begin, or pauses, is told as such and started with a button", async () => {
  const { openDrive, wrong } = await startDrivePages(browser);
  const page = await openDrive("viewer");
  await blockAutoplay(page);
  await page.reload();
  await start(page).waitFor();
  await page.getByText("This browser does not run the picture by itself.").waitFor();
  expect(await page.locator("[data-freshness='live']").count()).toBe(0);
  expect(await violations(page)).toEqual([]);
  await start(page).click();
  await seen(page);
  await start(page).waitFor({ state: "detached" });

  await page.evaluate(() => document.querySelector("video")?.pause());
  await frozen(page);
  await page.getByText("This picture is old.").waitFor();
  await start(page).press("Enter");
  await seen(page);
  await page.getByText("This picture is old.").waitFor({ state: "detached" });
  expect(wrong()).toEqual([]);
});

test("a picture that came is shown as soon as it can be: the browser is told so, and how long it waits is read", async () => {
  const { openDrive, wrong } = await startDrivePages(browser);
  const page = await openDrive("viewer");
  await page.addInitScript(() => {
    const made: RTCPeerConnection[] = [];
    const Real = RTCPeerConnection;
    Object.assign(window, {
      made,
      RTCPeerConnection: class extends Real {
        constructor(configuration?: RTCConfiguration) {
          super(configuration);
          made.push(this);
        }
      },
    });
  });
  await page.reload();
  await seen(page);
  const targets = await page.evaluate(() =>
    (globalThis as unknown as { made: RTCPeerConnection[] }).made.flatMap((pc) =>
      pc.getReceivers().map((receiver) => [receiver.track.kind, receiver.jitterBufferTarget]),
    ),
  );
  expect(targets).toEqual([["video", 0]]);
  const waits = page.locator(`dt:text-is("Picture waits") + dd`);
  await expect.poll(() => waits.textContent()).toMatch(/^\d+ ms$/);
  expect(wrong()).toEqual([]);
});
