import type { Browser } from "playwright-core";
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

test("everyone reads who pressed STOP, whoever comes later reads that it is in force, and nobody once it is resumed [D20, R20, R32]", async () => {
  const { openDrive, wrong } = await startDrivePages(browser);
  const driver = await openDrive("operator");
  await takeControl(driver);
  const viewer = await openDrive("viewer");
  await viewer.getByRole("button", { name: "STOP" }).click();
  for (const page of [driver, viewer]) await page.getByRole("alert").filter({ hasText: "Vera Viewer stopped the robot at" }).waitFor();
  await driver.getByText(/: Vera Viewer pressed STOP$/).waitFor();

  const late = await openDrive("owner");
  const note = late.getByRole("alert").filter({ hasText: "STOP is in force." });
  await note.filter({ hasText: "The last STOP that Tether knows of is Vera Viewer’s, at" }).waitFor();
  expect(await violations(late)).toEqual([]);

  await driver.getByRole("button", { name: "Resume" }).click();
  for (const page of [driver, viewer, late]) await page.locator(".stop-note").waitFor({ state: "detached" });
  expect(wrong()).toEqual([]);
});
