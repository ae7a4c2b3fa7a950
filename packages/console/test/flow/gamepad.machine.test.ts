import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { violations } from "./axe.ts";
import { buildConsole, openBrowser } from "./browser.ts";
import { seen, startDrivePages, takeControl } from "./drive-page.ts";
import { driveUntil } from "./holding.ts";
import { plug } from "./plug.ts";

let browser: Browser;

beforeAll(async () => {
  await buildConsole();
  browser = await openBrowser();
});

afterAll(() => browser?.close());

test("a gamepad drives while a shoulder is held, and its B stops the robot, as the page says", async () => {
  const { openDrive, deeds, moves, wrong } = await startDrivePages(browser);
  const page = await openDrive("operator");
  const hold = await plug(page, "Standard", "standard");
  await page.getByText("Hold a shoulder button (LB or RB, L1 or R1)").waitFor();
  await takeControl(page);
  await hold({ axes: { 1: -1 } });
  await hold({ axes: { 1: -1 } });
  expect(moves(0)).toEqual([]);
  const shoulder = { press: () => hold({ axes: { 1: -1 }, down: [5] }), release: () => hold({ axes: { 1: -1 } }) };
  await driveUntil(page, shoulder, () => moves(0).length > 3);
  await shoulder.release();
  await expect.poll(() => deeds.all.at(-1)).toMatchObject({ did: "stood", reason: "deadman" });

  const stood = deeds.all.length;
  await driveUntil(page, shoulder, () => moves(stood).length > 0);
  await hold({ axes: { 1: -1 }, down: [5, 1] });
  await page.getByText("The robot stopped").waitFor();
  expect(deeds.all).toContainEqual(expect.objectContaining({ did: "stop", reason: "stop" }));
  expect(wrong()).toEqual([]);
});

test("a gamepad that the browser does not know says so, is mapped by what is pressed, and is known after a reload", async () => {
  const { openDrive, moves, wrong } = await startDrivePages(browser);
  const page = await openDrive("operator");
  const hold = await plug(page, "Strange stick", "");
  await page.getByText("Strange stick: this browser does not know where its stick and buttons are").waitFor();
  await page.getByRole("button", { name: "Map its buttons" }).click();
  for (const [question, held] of [
    ["Push the stick that is to drive fully ahead.", { axes: { 3: 1 } }],
    ["Push it fully to the left.", { axes: { 2: -1 } }],
    ["Press the button that you will hold to drive.", { down: [9] }],
    ["Press the button that is to stop the robot.", { down: [2] }],
  ] as const) {
    await page.getByText(question).waitFor();
    await hold(held);
    await page.getByText("Good. Let go.").waitFor();
    await hold({});
  }
  await page.getByText("Hold button 10 and push the stick to drive. Button 3 stops the robot.").waitFor();
  expect(await violations(page)).toEqual([]);

  await page.reload();
  await seen(page);
  await page.getByText("Button 3 stops the robot.").waitFor();
  await takeControl(page);
  const tenth = { press: () => hold({ axes: { 3: 1 }, down: [9] }), release: () => hold({ axes: { 3: 1 } }) };
  await driveUntil(page, tenth, () => moves(0).length > 0);
  await hold({ down: [2] });
  await page.getByText("The robot stopped").waitFor();
  await hold({});
  await page.getByRole("button", { name: "Forget the mapping" }).click();
  await page.getByText("this browser does not know where").waitFor();
  expect(wrong()).toEqual([]);
});
