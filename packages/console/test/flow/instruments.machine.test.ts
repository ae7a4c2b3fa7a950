import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { allow, drives, holdW, is, nothingDrives, page, poll, released, said } from "./instruments-tab.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

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
  // The key repeats, as a held key does.
  await page.keyboard.down("w");
  await nothingDrives();
  await page.keyboard.up("w");
  await holdW();
  await page.keyboard.up("w");
  await released();
});

test("when driving is no longer allowed, or the page goes, what is held is released", async () => {
  await holdW();
  await allow(false);
  await released();
  await allow(true);
  await page.keyboard.down("w");
  await nothingDrives();
  await page.keyboard.up("w");
  await holdW();
  await page.evaluate("leave()");
  await poll(async () => (await said()).slice(-2)).toEqual(["0 0", "released"]);
});

test("keys typed into a field do not drive, and letters drive only while that is chosen", async () => {
  await page.getByLabel("Words").pressSequentially("wasd");
  expect(await page.getByLabel("Words").inputValue()).toBe("wasd");
  const letters = page.getByRole("button", { name: "W A S D drive too" });
  const choose = async (drive: boolean) => {
    await letters.click();
    await poll(() => letters.getAttribute("aria-pressed")).toBe(String(drive));
  };
  await choose(false);
  await page.keyboard.press("w");
  await nothingDrives();
  await choose(true);
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
  await drives("keyboard");
  await allow(false);
  await released();
  await page.keyboard.down("ArrowUp");
  await page.keyboard.up("ArrowUp");
  await allow(true);
  expect(await speed.inputValue()).toBe("50");
  await page.keyboard.down("w");
  await drives("keyboard");
  await page.keyboard.press("PageUp");
  expect(Number(await speed.inputValue())).toBeGreaterThan(50);
  await drives("keyboard");
  await page.keyboard.up("w");
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
  // What the robot told is old after a moment.
  const commandAge = async () => {
    await page.evaluate("tell({ epoch: 1, moving: true, commandAgeMs: 31, roundTripMs: 7 })");
    return figure("Command age").textContent();
  };
  await poll(commandAge).toBe("31 ms");
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
