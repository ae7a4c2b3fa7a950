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
import { driveUntil, type Held, key } from "./holding.ts";
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
  /** Holds this until the arm got a command with each axis as it is wanted. */
  const moved = async (held: Held, wanted: Readonly<Record<keyof Joints, "up" | "down" | "still">>) => {
    const from = pages.deeds.all.length;
    const is = { up: (speed: number) => speed > 0, down: (speed: number) => speed < 0, still: (speed: number) => speed === 0 };
    const fits = (command: unknown) =>
      Object.entries(wanted).every(([axis, way]) => is[way]((command as Readonly<Record<string, number>>)[axis] ?? Number.NaN));
    await driveUntil(page, held, () => pages.deeds.all.slice(from).some((deed) => deed.did === "command" && fits(deed.command)));
  };
  /** Lets go, and waits until the robot stands: none of its axes may be moving by the last command, and no more come. */
  const stood = async (letGo: () => Promise<unknown>) => {
    await letGo();
    const isStill = () => pages.deeds.all.at(-1)?.did === "stood";
    await expect.poll(isStill).toBe(true);
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

  for (const [name, wanted] of [
    ["w", { shoulder: "up", elbow: "still", wrist: "still" }],
    ["d", { shoulder: "still", elbow: "down", wrist: "still" }],
    ["f", { shoulder: "still", elbow: "still", wrist: "down" }],
  ] as const) {
    await moved(key(page, name), wanted);
    await stood(key(page, name).release);
  }

  await page.locator(".telemetry .pair", { hasText: "Battery" }).getByText("71 %").waitFor();

  for (const [at, by, wanted] of [
    [0, { x: -40, y: 0 }, { shoulder: "still", elbow: "up", wrist: "still" }],
    [1, { x: 30, y: -40 }, { shoulder: "still", elbow: "still", wrist: "up" }],
  ] as const) {
    const press = async () => {
      const middle = await reach(page, at);
      await page.mouse.down();
      await page.mouse.move(middle.x + by.x, middle.y + by.y);
    };
    const release = () => page.mouse.up();
    await moved({ press, release }, wanted);
    await stood(release);
  }

  const sticks = { press: () => hold({ axes: { 1: -1, 3: 1 }, down: [5] }), release: () => hold({}) };
  await moved(sticks, { shoulder: "up", elbow: "still", wrist: "down" });
  await hold({ down: [5, 0] });
  await expect.poll(presses).toEqual(["pressed grip"]);
  await stood(() => hold({}));

  await page.getByRole("button", { name: "Go home" }).click();
  await expect.poll(presses).toEqual(["pressed grip", "pressed home"]);
  await page.keyboard.press("1");
  await expect.poll(presses).toEqual(["pressed grip", "pressed home", "pressed grip"]);

  // The lift goes by position, and its slider stands where it came.
  const lifts = () => deeds.all.flatMap((deed) => (deed.did === "command" ? [(deed.command as { lift?: number }).lift] : []));
  const slider = page.getByLabel("Lift");
  await slider.hover();
  const box = await slider.boundingBox();
  const raised = async () => {
    // A slider is let go of where a busy machine keeps the robot silent.
    await page.mouse.up();
    await page.mouse.move(box?.x ?? 0, (box?.y ?? 0) + 5);
    await page.mouse.down();
    await page.mouse.move((box?.x ?? 0) + (box?.width ?? 0) - 1, (box?.y ?? 0) + 5);
    return expect.poll(() => lifts().at(-1), { timeout: 5_000 }).toBeGreaterThan(0.38);
  };
  await expect
    .poll(() =>
      raised().then(
        () => true,
        () => false,
      ),
    )
    .toBe(true);
  await stood(() => page.mouse.up());
  await expect.poll(async () => Number(await slider.inputValue())).toBeGreaterThan(0.38);
  const high = lifts().length;
  const lowers = () => lifts().slice(high);
  await driveUntil(page, key(page, "e"), () => lowers().some((lift = 1) => lift < 0.38));
  await stood(key(page, "e").release);
  // It begins where the lift is.
  expect(lowers()[0]).toBeGreaterThan(0.3);
  expect(lowers().every((lift = 0) => lift >= 0 && lift <= 0.4)).toBe(true);

  // On a phone held sideways both joysticks lie over the picture, and a finger on each drives.
  await page.setViewportSize({ width: 844, height: 390 });
  await page.evaluate(() => scrollTo(0, 0));
  const touched = [await reach(page, 0), await reach(page, 1)];
  await expect.poll(() => page.evaluate(() => [scrollY, document.querySelector(".screen")?.clientHeight ?? 0])).toEqual([0, 390]);
  const touch = await page.context().newCDPSession(page);
  const fingers = (type: string, up: number) =>
    touch.send("Input.dispatchTouchEvent", {
      type: type as "touchStart",
      touchPoints: touched.map(({ x, y }, id) => ({ x: Math.round(x), y: Math.round(y) - up, id })),
    });
  const press = async () => {
    await fingers("touchStart", 0);
    await fingers("touchMove", 40);
  };
  const release = () => touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  await moved({ press, release }, { shoulder: "up", elbow: "still", wrist: "up" });
  await stood(release);

  const commands = deeds.all.flatMap((deed) => (deed.did === "command" ? [deed.command as Joints] : []));
  // The slider stands at half of what each axis can do.
  for (const { shoulder, elbow, wrist } of commands) {
    expect(Math.abs(shoulder)).toBeLessThanOrEqual(0.25);
    expect(Math.abs(elbow)).toBeLessThanOrEqual(0.4);
    expect(Math.abs(wrist)).toBeLessThanOrEqual(0.5);
  }
  expect(wrong()).toEqual([]);
});

/** Tries until it succeeds. */
async function untilSo(attempt: () => Promise<unknown>): Promise<void> {
  await expect
    .poll(() =>
      attempt().then(
        () => true,
        () => false,
      ),
    )
    .toBe(true);
}

/** Holds the key 2 until something is so: anew where a busy machine kept the robot silent meanwhile. */
async function driveUntilPressed(page: Page, isSo: () => boolean): Promise<void> {
  const held = async () => {
    await page.keyboard.up("2");
    await page.keyboard.down("2");
    return expect.poll(isSo, { timeout: 5_000 }).toBe(true);
  };
  await untilSo(held);
}

test("an action goes on while its button is held, and the dead-man ends it; so does STOP, and whatever may hide a release [R7, R37]", async () => {
  const { page, hold, deeds, presses, stood } = await openArm();
  const home = page.getByRole("button", { name: "Go home" });
  await home.hover();
  const many = () => deeds.all.filter(({ did }) => did === "command").length;
  let [before, tries] = [many(), 0];
  /** Holds the button, anew where a busy machine kept the robot silent meanwhile, for longer than the dead-man's time at ten commands a second. */
  const held = async () => {
    await page.mouse.up();
    await page.mouse.down();
    tries += 1;
    before = many();
    return expect.poll(many, { timeout: 5_000 }).toBeGreaterThan(before + 10);
  };
  await untilSo(held);
  await stood(() => page.mouse.up());
  const pressed = presses().length;
  expect(pressed).toBeLessThanOrEqual(tries);
  await page.mouse.down();
  await expect.poll(() => presses().length).toBe(pressed + 1);
  const from = deeds.all.length;
  await page.keyboard.press("Escape");
  await deeds.until("the stop", (deed) => deed.did === "stop" && deed.reason === "stop", from);
  await page.mouse.up();
  expect(presses()).toEqual(Array.from({ length: pressed + 1 }, () => "pressed home"));

  await page.getByRole("button", { name: "Resume" }).click();
  await page.getByText("You drive", { exact: true }).waitFor();
  /** Holds the key of “Go home” until the robot moves, and stands by what happens while nobody lets go of it. */
  const endsWith = async (lost: () => Promise<unknown>) => {
    const from = many();
    await driveUntilPressed(page, () => many() > from + 1);
    await stood(lost);
    await page.keyboard.up("2");
  };
  await endsWith(() => page.getByRole("heading", { name: "Control" }).click({ button: "right" }));
  await endsWith(() => page.keyboard.press("Meta"));

  // A window that is in sight reads the gamepad too, while another one is driven by it.
  await page.evaluate(() => Object.assign(document, { hasFocus: () => false }));
  const known = presses().length;
  await hold({ down: [5, 2] });
  await hold({ down: [5] });
  await page.evaluate(() => Object.assign(document, { hasFocus: () => true }));
  const gripped = async () => {
    await hold({ down: [5] });
    await hold({ down: [5, 0] });
    return presses().slice(known);
  };
  await expect.poll(gripped).toContain("pressed grip");
  expect(presses().slice(known)).not.toContain("pressed home");
});
