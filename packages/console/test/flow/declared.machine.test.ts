import { readFileSync } from "node:fs";
import { join } from "node:path";
import { platform } from "@tether/sdk/platform";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { openDriver } from "../../../agent/src/driver/open.ts";
import { createWatch } from "../../../agent/test/watch.ts";
import { violations } from "./axe.ts";
import { buildConsole, openBrowser } from "./browser.ts";
import { startDrivePages, takeControl } from "./drive-page.ts";
import { plug } from "./plug.ts";

let browser: Browser;

beforeAll(async () => {
  await buildConsole();
  browser = await openBrowser();
});

afterAll(() => browser?.close());

const manual = readFileSync(join(import.meta.dirname, "../../../../docs/driver.md"), "utf8");
const [, declaration = ""] = /```json\n(\{ "type": "declare".*?)```/s.exec(manual) ?? [];
const still = { shoulder: 0, elbow: 0, wrist: 0 };

type Joints = typeof still;

/** The arm on docs/driver.md as a program of lines, its operator's page, and a gamepad. */
async function openArm() {
  const { clock } = platform;
  const said = createWatch<Record<string, unknown>>();
  const note = (_: string, facts: object) => said.put({ ...facts });
  const line = `python3 '${join(import.meta.dirname, "arm.py")}' '${JSON.stringify(JSON.parse(declaration))}'`;
  const driver = openDriver(line, { clock, say: { progress() {}, event: note, result: note, trouble() {} } });
  onTestFinished(() => driver.close());
  await driver.start();
  const camera = { name: "front", source: "test", kbits: 400, width: 320, height: 180 };
  const pages = await startDrivePages(browser, { driver, cameras: [camera] });
  const page = await pages.openDrive("operator");
  const hold = await plug(page, "Standard", "standard");
  await takeControl(page);
  /** A command that the arm got since, with each axis as it is wanted. */
  const moved = async (what: string, wanted: Readonly<Record<keyof Joints, "up" | "down" | "still">>, from: number) => {
    const is = { up: (speed: number) => speed > 0, down: (speed: number) => speed < 0, still: (speed: number) => speed === 0 };
    const fits = (command: unknown) =>
      Object.entries(wanted).every(([axis, way]) => is[way]((command as Readonly<Record<string, number>>)[axis] ?? Number.NaN));
    await pages.deeds.until(what, (deed) => deed.did === "command" && fits(deed.command), from);
  };
  /** Lets go, and waits until the robot stands: none of its axes may be moving by the last command, and no more come. */
  const stood = async (letGo: () => Promise<void>) => {
    await letGo();
    const isStill = () => pages.deeds.all.at(-1)?.did === "stood";
    await expect.poll(isStill, { timeout: 20_000 }).toBe(true);
  };
  const presses = () => said.all.flatMap(({ says }) => (/^pressed/.test(String(says)) ? [says] : []));
  return { ...pages, page, hold, moved, stood, presses };
}

/** Puts the mouse on the middle of a joystick, which must be in sight. */
async function reach(page: Page, at: number): Promise<{ readonly x: number; readonly y: number }> {
  const joystick = page.locator(`.joystick[data-dial="${at}"]`);
  await joystick.hover();
  const box = await joystick.boundingBox();
  if (!box) throw new Error(`There is no joystick ${at}.`);
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

test("a declared arm with three axes and two buttons is driven from keyboard, joystick and gamepad, and shows what it measures [R35, R36, R37]", async () => {
  const { page, hold, deeds, moved, stood, presses, wrong } = await openArm();
  for (const title of ["Shoulder", "Elbow", "Wrist"]) await page.locator(".axes").getByText(title).waitFor();
  expect(await violations(page)).toEqual([]);

  for (const [key, wanted] of [
    ["w", { shoulder: "up", elbow: "still", wrist: "still" }],
    ["d", { shoulder: "still", elbow: "down", wrist: "still" }],
    ["f", { shoulder: "still", elbow: "still", wrist: "down" }],
  ] as const) {
    const mark = deeds.all.length;
    await page.keyboard.down(key);
    await moved(`the key ${key}`, wanted, mark);
    await stood(() => page.keyboard.up(key));
  }

  await page.locator(".telemetry .pair", { hasText: "Battery" }).getByText("71 %").waitFor();

  for (const [at, by, wanted] of [
    [0, { x: -40, y: 0 }, { shoulder: "still", elbow: "up", wrist: "still" }],
    [1, { x: 30, y: -40 }, { shoulder: "still", elbow: "still", wrist: "up" }],
  ] as const) {
    const mark = deeds.all.length;
    const middle = await reach(page, at);
    await page.mouse.down();
    await page.mouse.move(middle.x + by.x, middle.y + by.y);
    await moved(`the joystick ${at}`, wanted, mark);
    await stood(() => page.mouse.up());
  }

  const mark = deeds.all.length;
  await hold({ axes: { 1: -1, 3: 1 }, down: [5] });
  await moved("both sticks of the gamepad", { shoulder: "up", elbow: "still", wrist: "down" }, mark);
  await hold({ down: [5, 0] });
  await expect.poll(presses, { timeout: 20_000 }).toEqual(["pressed grip"]);
  await stood(() => hold({}));

  await page.getByRole("button", { name: "Go home" }).click();
  await expect.poll(presses, { timeout: 20_000 }).toEqual(["pressed grip", "pressed home"]);
  await page.keyboard.press("1");
  await expect.poll(presses, { timeout: 20_000 }).toEqual(["pressed grip", "pressed home", "pressed grip"]);

  // The lift goes by position, and its slider stands where it came.
  const lifts = () => deeds.all.flatMap((deed) => (deed.did === "command" ? [(deed.command as { lift?: number }).lift] : []));
  const slider = page.getByLabel("Lift");
  await slider.hover();
  const box = await slider.boundingBox();
  await page.mouse.down();
  await page.mouse.move((box?.x ?? 0) + (box?.width ?? 0) - 1, (box?.y ?? 0) + 5);
  await expect.poll(() => lifts().at(-1), { timeout: 20_000 }).toBeGreaterThan(0.38);
  await stood(() => page.mouse.up());
  await expect.poll(async () => Number(await slider.inputValue())).toBeGreaterThan(0.38);
  const high = lifts().length;
  await page.keyboard.down("e");
  await expect
    .poll(
      () =>
        lifts()
          .slice(high)
          .some((lift = 1) => lift < 0.38),
      { timeout: 20_000 },
    )
    .toBe(true);
  await stood(() => page.keyboard.up("e"));
  expect(
    lifts()
      .slice(high)
      .every((lift = 0.4) => lift > 0 && lift <= 0.4),
  ).toBe(true);

  // On a phone held sideways both joysticks lie over the picture, and a finger on each drives.
  await page.setViewportSize({ width: 844, height: 390 });
  await page.evaluate(() => scrollTo(0, 0));
  const touched = [await reach(page, 0), await reach(page, 1)];
  expect(await page.evaluate(() => [scrollY, document.querySelector(".screen")?.clientHeight ?? 0])).toEqual([0, 390]);
  const touch = await page.context().newCDPSession(page);
  const fingers = (type: string, up: number) =>
    touch.send("Input.dispatchTouchEvent", {
      type: type as "touchStart",
      touchPoints: touched.map(({ x, y }, id) => ({ x: Math.round(x), y: Math.round(y) - up, id })),
    });
  const touchedAt = deeds.all.length;
  await fingers("touchStart", 0);
  await fingers("touchMove", 40);
  await moved("both joysticks under two fingers", { shoulder: "up", elbow: "still", wrist: "up" }, touchedAt);
  await stood(async () => void (await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] })));

  const commands = deeds.all.flatMap((deed) => (deed.did === "command" ? [deed.command as Joints] : []));
  // The slider stands at half of what each axis can do.
  for (const { shoulder, elbow, wrist } of commands) {
    expect(Math.abs(shoulder)).toBeLessThanOrEqual(0.25);
    expect(Math.abs(elbow)).toBeLessThanOrEqual(0.4);
    expect(Math.abs(wrist)).toBeLessThanOrEqual(0.5);
  }
  expect(wrong()).toEqual([]);
});

test("an action goes on while its button is held, and the dead-man ends it; STOP ends it at once [R7, R37]", async () => {
  const { page, deeds, presses, stood } = await openArm();
  const home = page.getByRole("button", { name: "Go home" });
  await home.hover();
  await page.mouse.down();
  await expect.poll(presses, { timeout: 20_000 }).toEqual(["pressed home"]);
  const many = () => deeds.all.filter(({ did }) => did === "command").length;
  const before = many();
  // Longer than the dead-man's time, at ten commands a second.
  await expect.poll(many, { timeout: 20_000 }).toBeGreaterThan(before + 10);
  await stood(() => page.mouse.up());
  await page.mouse.down();
  await expect.poll(presses, { timeout: 20_000 }).toEqual(["pressed home", "pressed home"]);
  const from = deeds.all.length;
  await page.keyboard.press("Escape");
  await deeds.until("the stop", (deed) => deed.did === "stop" && deed.reason === "stop", from);
  await page.mouse.up();
  expect(presses()).toHaveLength(2);
});
