import { password } from "@tether/local/identity/user";
import { afterAll, beforeAll, expect, test } from "vitest";
import { violations } from "./axe.ts";
import { signIn } from "./browser.ts";
import { startDrivePages, takeControl } from "./drive-page.ts";
import { type Running, startConsole } from "./rig.ts";
import { openTab } from "./tab.ts";

let running: Running;

beforeAll(async () => {
  running = await startConsole();
});

afterAll(() => running?.stop());

test("a viewer stops a robot from the fleet page with one press, and the timeline says who did [D19]", async () => {
  const { page, wrong } = await openTab(running.browser);
  await signIn(page, running.system.origin, "viewer", password);
  const stop = page.getByRole("button", { name: "STOP Rover" });
  await stop.click();
  await page.getByText("STOP is delivered to the robot.").waitFor();
  expect(await violations(page)).toEqual([]);
  await page.getByRole("link", { name: "Rover", exact: true }).click();
  await page.getByRole("table").getByText("Vera Viewer stopped the robot.").first().waitFor();
  expect(wrong).toEqual([]);
});

test("a stop in force and its resume are seen by name on the fleet page and the timeline, by someone who comes later [P13]", async () => {
  const { openDrive, origin, wrong } = await startDrivePages(running.browser);
  const driver = await openDrive("operator");
  await takeControl(driver);
  const viewer = await openDrive("viewer");
  await viewer.getByRole("button", { name: "STOP" }).click();
  await driver.getByRole("button", { name: "Resume" }).waitFor();

  const { page, wrong: wrongLate } = await openTab(running.browser);
  await signIn(page, origin, "owner", password);
  await page.getByText("STOP is in force: Vera Viewer pressed it").waitFor();
  expect(await violations(page)).toEqual([]);
  await driver.getByRole("button", { name: "Resume" }).click();
  await page.getByText("STOP is in force").waitFor({ state: "detached" });
  await page.getByRole("article").getByRole("heading").getByRole("link").click();
  const table = page.getByRole("table");
  await table.getByText("Vera Viewer put a STOP in force.").waitFor();
  await table.getByText("Oscar Operator resumed from the stop.").waitFor();
  expect([wrong(), wrongLate]).toEqual([[], []]);
  await page.context().close();
});
