import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { openBrowser } from "./browser.ts";
import { origin, serveInstruments } from "./instruments.ts";
import { openTab } from "./tab.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let browser: Browser;
let page: Page;
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

const is = (state: string) => page.locator(`.joystick[data-state="${state}"]`).waitFor();
const said = () => page.evaluate<string[]>("log");
const drives = (source: string) => page.locator(`[data-source="${source}"]`).waitFor();
const first = "0.125 0";
const poll = <Value>(read: () => Value) => expect.poll(read, { timeout: 20_000 });
/** A pointer stands at whole pixels, so beside the middle of a joystick that does not. */
const fullSpeed = async () => (await said()).some((one) => Number(one.split(" ")[0]) > 0.95);

/** Waits for the release, and sees that it was said once and that nothing followed. */
async function released() {
  await drives("none");
  const log = await page.evaluate<string[]>("log.splice(0)");
  expect(log.indexOf("released")).toBe(log.length - 1);
  expect(log.at(-2)).toBe("0 0");
}

/** Sees that nothing drives, by what a fresh press says first. */
async function nothingDrives() {
  expect(await said()).toEqual([]);
  await page.keyboard.down("ArrowDown");
  await drives("keyboard");
  expect((await said())[0]).toBe("-0.125 0");
  await page.keyboard.up("ArrowDown");
  await released();
}

async function holdW() {
  await page.keyboard.down("w");
  await drives("keyboard");
  await poll(fullSpeed).toBe(true);
  expect((await said())[0]).toBe(first);
}

async function middle() {
  const box = await page.locator(".joystick").boundingBox();
  if (!box) throw new Error("there is no joystick");
  return { x: box.x + box.width / 2, y: box.y + box.height / 2, radius: box.width / 2 };
}

test("a held key drives, and its release stops", async () => {
  await holdW();
  await page.keyboard.up("w");
  await released();
});

const losses: Record<string, () => Promise<unknown>> = {
  "the window loses the focus": () => page.evaluate('dispatchEvent(new Event("blur"))'),
  "the tab is hidden": () =>
    page.evaluate(
      'Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true }); document.dispatchEvent(new Event("visibilitychange")); delete document.visibilityState',
    ),
  "the page is left": () => page.evaluate('dispatchEvent(new Event("pagehide"))'),
  "the page is frozen": () => page.evaluate('document.dispatchEvent(new Event("freeze"))'),
  "full screen comes or goes": () => page.evaluate('document.dispatchEvent(new Event("fullscreenchange"))'),
  "a menu opens": () => page.locator("h1").click({ button: "right" }),
  "a modifier goes down": async () => {
    await page.keyboard.down("Control");
    await page.keyboard.up("Control");
  },
  "a field takes the focus": () => page.getByLabel("Words").focus(),
  "a dialog opens": () => page.getByRole("button", { name: "Ask" }).click(),
};

test.each(Object.keys(losses))("when %s a held key is released, and drives no more before it is pressed anew", async (loss) => {
  await holdW();
  await losses[loss]?.();
  await released();
  await page.keyboard.press("Escape");
  await page.evaluate("document.activeElement?.blur()");
  // It repeats, as a held key does.
  await page.keyboard.down("w");
  await nothingDrives();
  await page.keyboard.up("w");
  await holdW();
  await page.keyboard.up("w");
  await released();
});

test("when driving is no longer allowed, or the page goes, what is held is released", async () => {
  await holdW();
  await page.evaluate("allow(false)");
  await released();
  await is("closed");
  await page.evaluate("allow(true)");
  await is("ready");
  await page.keyboard.down("w");
  await nothingDrives();
  await page.keyboard.up("w");
  await holdW();
  await page.evaluate("leave()");
  expect((await said()).slice(-2)).toEqual(["0 0", "released"]);
});

test("keys typed into a field do not drive, and letters drive only while that is chosen", async () => {
  await page.getByLabel("Words").pressSequentially("wasd");
  expect(await page.getByLabel("Words").inputValue()).toBe("wasd");
  const letters = page.getByRole("button", { name: "W A S D drive too" });
  await letters.click();
  await page.keyboard.press("w");
  await nothingDrives();
  await letters.click();
  await holdW();
  await page.keyboard.up("w");
  await released();
});

test("driving keys drive wherever the focus is, and leave the slider alone; Page Up sets the speed meanwhile", async () => {
  await holdW();
  await page.getByLabel("Speed").click();
  await drives("keyboard");
  await page.keyboard.up("w");
  await released();
  const speed = page.getByLabel("Speed");
  await speed.fill("50");
  for (const key of ["ArrowUp", "ArrowRight"]) {
    await page.keyboard.down(key);
    await drives("keyboard");
    await page.keyboard.down(key);
    await page.keyboard.up(key);
    await released();
  }
  // Where nothing may drive for a moment, a key that is still held does not move the slider either.
  await page.keyboard.down("ArrowUp");
  await page.evaluate("allow(false)");
  await released();
  await page.keyboard.down("ArrowUp");
  await page.keyboard.up("ArrowUp");
  await page.evaluate("allow(true)");
  expect(await speed.inputValue()).toBe("50");
  await page.keyboard.down("w");
  await drives("keyboard");
  await page.keyboard.press("PageUp");
  expect(Number(await speed.inputValue())).toBeGreaterThan(50);
  await drives("keyboard");
  await page.keyboard.up("w");
  await released();
});

test("the joystick drives under a mouse that leaves it, and stops when the button is up", async () => {
  const { x, y, radius } = await middle();
  await page.mouse.move(x, y);
  await page.mouse.down();
  await drives("joystick");
  await page.mouse.move(x, y - 3 * radius);
  await poll(fullSpeed).toBe(true);
  await is("held");
  await page.mouse.up();
  await released();
});

test("the right button does not take the joystick, and a release that got lost is noticed", async () => {
  const { x, y, radius } = await middle();
  await page.mouse.move(x, y);
  await page.mouse.down({ button: "right" });
  await page.mouse.move(x, y - radius);
  await page.mouse.up({ button: "right" });
  await nothingDrives();
  await page.mouse.down();
  await drives("joystick");
  await page.evaluate('addEventListener("pointerup", (event) => event.stopImmediatePropagation(), true)');
  await page.evaluate('addEventListener("lostpointercapture", (event) => event.stopImmediatePropagation(), true)');
  await page.mouse.up();
  await page.mouse.move(x, y - radius / 2);
  await released();
});

test("a finger on the joystick drives through a long touch, and stops when the system takes it away", async () => {
  const { x, y, radius } = await middle();
  const touch = await page.context().newCDPSession(page);
  const put = (type: "touchStart" | "touchMove" | "touchCancel", ...at: { x: number; y: number }[]) =>
    touch.send("Input.dispatchTouchEvent", { type, touchPoints: at });
  await put("touchStart", { x, y });
  await drives("joystick");
  await put("touchMove", { x, y: y - radius });
  await poll(fullSpeed).toBe(true);
  await page.locator(".joystick").dispatchEvent("contextmenu");
  await is("held");
  await put("touchCancel");
  await released();
});

test("a second finger changes nothing of what the first one does", async () => {
  const { x, y, radius } = await middle();
  const touch = await page.context().newCDPSession(page);
  const put = (type: "touchStart" | "touchMove" | "touchEnd", ...at: { x: number; y: number; id: number }[]) =>
    touch.send("Input.dispatchTouchEvent", { type, touchPoints: at });
  await put("touchStart", { x, y, id: 0 });
  await put("touchMove", { x, y: y - radius, id: 0 });
  await poll(fullSpeed).toBe(true);
  await put("touchStart", { x, y: y - radius, id: 0 }, { x, y: y + radius / 2, id: 1 });
  await put("touchMove", { x, y: y - radius, id: 0 }, { x, y: y + radius, id: 1 });
  const before = (await said()).length;
  await poll(async () => (await said()).length).toBeGreaterThan(before + 3);
  await put("touchMove", { x, y: y - radius, id: 0 });
  await is("held");
  await put("touchEnd");
  expect((await said()).filter((one) => one.startsWith("-"))).toEqual([]);
  await released();
});

test("a gamepad drives once its stick was in its middle, and stops when it is unplugged", async () => {
  await page.evaluate(`
    Object.assign(window, { stick: [0, -1], asked: 0 });
    const buttons = Array.from({ length: 17 }, (_, button) => ({ pressed: button === 5 }));
    navigator.getGamepads = () => {
      asked += 1;
      return [stick && { id: "pad", index: 0, connected: true, mapping: "standard", axes: stick, buttons }];
    };
    dispatchEvent(new Event("gamepadconnected"));
  `);
  const push = async (x: number, y: number) => {
    const before = await page.evaluate<number>(`stick = [${x}, ${y}], asked`);
    await poll(() => page.evaluate<number>("asked")).toBeGreaterThan(before);
  };
  await push(0, -1);
  await nothingDrives();
  await push(0, 0);
  await push(-1, 0);
  await drives("gamepad");
  await poll(said).toContain("0 1");
  await page.evaluate('stick = null; dispatchEvent(new Event("gamepaddisconnected"))');
  await released();
});

test("the figures of a running video appear with their plots, and go with the connection", async () => {
  const figure = (name: string) => page.locator(`dt:text-is("${name}") + dd`);
  await poll(() => figure("Frame rate").textContent()).toBe("–");
  const height = await page.locator(".stats").evaluate((stats) => stats.clientHeight);
  await page.evaluate("connect()");
  await poll(() => figure("Frame rate").textContent()).toMatch(/^[1-9]\d* fps$/);
  await poll(() => figure("Path").textContent()).toBe("Direct, UDP");
  await poll(() => figure("Codec").textContent()).toMatch(/^[A-Z0-9]+$/);
  await page.evaluate("tell({ epoch: 1, moving: true, commandAgeMs: 31, roundTripMs: 7 })");
  await poll(() => figure("Command age").textContent()).toBe("31 ms");
  expect(await page.locator(".plot canvas").count()).toBe(7);
  expect(await page.locator(".stats").evaluate((stats) => stats.clientHeight)).toBe(height);
  await page.evaluate("see(undefined)");
  await poll(() => figure("Frame rate").textContent()).toBe("–");
});

test.each(["light", "dark"] as const)("axe finds nothing wrong with the instruments in %s", async (colorScheme) => {
  await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
  await page.reload();
  await is("ready");
  await page.evaluate(axe);
  const violations = await page.evaluate<unknown[]>(
    "axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes[0].html]))",
  );
  expect(violations).toEqual([]);
});
