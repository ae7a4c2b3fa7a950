import { password } from "@tether/local/identity/user";
import { afterAll, beforeAll, expect, test } from "vitest";
import { violations } from "./axe.ts";
import { signIn } from "./browser.ts";
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
