import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { violations } from "./axe.ts";
import { buildConsole, openBrowser } from "./browser.ts";
import { startDrivePages, takeControl } from "./drive-page.ts";
import { driveUntil, key } from "./holding.ts";

let browser: Browser;

beforeAll(async () => {
  await buildConsole();
  browser = await openBrowser();
});

afterAll(() => browser?.close());

const toAccount = (page: Page, name: string) => page.getByRole("link", { name }).click();

/** An operator that drives by a key that is held down. */
async function startDriving() {
  const drivePages = await startDrivePages(browser);
  const page = await drivePages.openDrive("operator");
  await takeControl(page);
  await driveUntil(page, key(page, "w"), () => drivePages.moves(0).length > 0);
  const sessions = async () => {
    const { items } = (await drivePages.call("GET", `/robots/${drivePages.robot}/sessions`)) as {
      items: { kind: string; state: string; ending?: { cause: string } }[];
    };
    return items.filter(({ kind }) => kind === "client");
  };
  /** The robot's last deed, but for its telemetry, which ends with its last viewer. */
  const lastMotion = () => drivePages.deeds.all.findLast(({ did }) => did !== "looked" && did !== "looked away");
  return { ...drivePages, page, sessions, lastMotion };
}

test("leaving the drive page stops the robot; signing out then leaves no session, and control is free at once", async () => {
  const { page, openDrive, deeds, lastMotion, moves, sessions, wrong } = await startDriving();
  await toAccount(page, "Oscar Operator");
  await page.getByText("operator@tether.local").waitFor();
  await expect.poll(lastMotion).toMatchObject({ did: "stood" });
  const stood = deeds.all.length;
  await page.keyboard.up("w");
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await page.getByText("You are about to sign out").waitFor();
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await page.getByRole("heading", { name: "Tether" }).waitFor();
  await expect.poll(sessions).toMatchObject([{ state: "ended" }]);
  expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
  expect(moves(stood)).toEqual([]);
  const olive = await openDrive("owner");
  await takeControl(olive);
  expect(wrong()).toEqual([]);
});

test("signing out everywhere while another window drives stops the robot, and that window says what to do", async () => {
  const { page, openDrive, deeds, lastMotion, moves, sessions } = await startDriving();
  const other = await openDrive("operator");
  await toAccount(other, "Oscar Operator");
  await other.getByRole("button", { name: "Sign out everywhere" }).click();
  await other.getByRole("dialog").getByRole("button", { name: "Sign out everywhere" }).click();
  await page.getByText("You were signed out. Sign in again to go on where you were.").waitFor();
  expect(await violations(page)).toEqual([]);
  await expect.poll(lastMotion).toMatchObject({ did: "stood" });
  const stood = deeds.all.length;
  await page.keyboard.up("w");
  await page.keyboard.down("w");
  await page.keyboard.up("w");
  await expect.poll(async () => (await sessions()).map(({ state }) => state)).toEqual(["ended", "ended"]);
  expect(moves(stood)).toEqual([]);
});
