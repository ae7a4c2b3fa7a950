import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import { openBrowser } from "./browser.ts";
import { origin, serveInstruments } from "./instruments.ts";
import { openTab } from "./tab.ts";

let browser: Browser;
/** The tab of the test that runs. */
export let page: Page;
let wrong: string[];

beforeAll(async () => {
  browser = await openBrowser();
});

afterAll(() => browser.close());

beforeEach(async () => {
  ({ page, wrong } = await openTab(browser, { hasTouch: true }));
  await serveInstruments(page);
  await page.goto(origin);
  await is("ready");
});

afterEach(async () => {
  expect(wrong).toEqual([]);
  await page.context().close();
});

export const is = (state: string) => page.locator(`.joystick[data-state="${state}"]`).waitFor();
export const said = () => page.evaluate<string[]>("log");
export const drives = (source: string) => page.locator(`[data-source="${source}"]`).waitFor();
const first = "0.125 0";
export const poll = <Value>(read: () => Value) => expect.poll(read);
/** Says whether driving is allowed, and waits until the page has heard. */
export async function allow(isAllowed: boolean) {
  await page.evaluate(`allow(${isAllowed})`);
  await is(isAllowed ? "ready" : "closed");
}
/** A pointer stands at whole pixels, so beside the middle of a joystick that does not. */
export const fullSpeed = async () => (await said()).some((one) => Number(one.split(" ")[0]) > 0.95);

/** Waits for the release, and sees that it was said once and that nothing followed. */
export async function released() {
  await drives("none");
  const log = await page.evaluate<string[]>("log.splice(0)");
  expect(log.indexOf("released")).toBe(log.length - 1);
  expect(log.at(-2)).toBe("0 0");
}

/** Sees that nothing drives, by what a fresh press says first. */
export async function nothingDrives() {
  expect(await said()).toEqual([]);
  await page.keyboard.down("ArrowDown");
  await drives("keyboard");
  expect((await said())[0]).toBe("-0.125 0");
  await page.keyboard.up("ArrowDown");
  await released();
}

export async function holdW() {
  await page.keyboard.down("w");
  await drives("keyboard");
  await poll(fullSpeed).toBe(true);
  expect((await said())[0]).toBe(first);
}
