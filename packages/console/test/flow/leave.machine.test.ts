import type { Browser, Page } from "playwright-core";
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

const toAccount = (page: Page, name: string) => page.getByRole("link", { name }).click();

/** An operator that drives by a key that is held down. */
async function startDriving() {
  const drivePages = await startDrivePages(browser);
  const page = await drivePages.openDrive("operator");
  await takeControl(page);
  await page.keyboard.down("w");
  await expect.poll(() => drivePages.moves(0).length).toBeGreaterThan(0);
  const sessions = async () => {
    const { items } = (await drivePages.call("GET", `/robots/${drivePages.robot}/sessions`)) as {
      items: { kind: string; state: string; ending?: { cause: string } }[];
    };
    return items.filter(({ kind }) => kind === "client");
  };
  return { ...drivePages, page, sessions };
}

test("who leaves the drive page stops the robot; who then signs out has no session left, and control is free at once", async () => {
  const { page, openDrive, deeds, moves, sessions, wrong } = await startDriving();
  await toAccount(page, "Oscar Operator");
  await page.getByText("operator@tether.local").waitFor();
  await expect.poll(() => deeds.all.at(-1)).toMatchObject({ did: "stood" });
  const stood = deeds.all.length;
  await page.keyboard.up("w");
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await page.getByText("You are about to sign out").waitFor();
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await page.getByRole("heading", { name: "Tether" }).waitFor();
  expect(await sessions()).toMatchObject([{ state: "ended" }]);
  expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
  expect(moves(stood)).toEqual([]);
  const olive = await openDrive("owner");
  await takeControl(olive);
  expect(wrong()).toEqual([]);
});

test("who signs out everywhere while another window of theirs drives stops the robot, and that window says what to do", async () => {
  const { page, openDrive, deeds, moves, sessions } = await startDriving();
  const other = await openDrive("operator");
  await toAccount(other, "Oscar Operator");
  await other.getByRole("button", { name: "Sign out everywhere" }).click();
  await other.getByRole("dialog").getByRole("button", { name: "Sign out everywhere" }).click();
  await page.getByText("You were signed out. Sign in again to go on where you were.").waitFor();
  expect(await violations(page)).toEqual([]);
  await expect.poll(() => deeds.all.at(-1)).toMatchObject({ did: "stood" });
  const stood = deeds.all.length;
  await page.keyboard.up("w");
  await page.keyboard.down("w");
  await page.keyboard.up("w");
  expect((await sessions()).map(({ state }) => state)).toEqual(["ended", "ended"]);
  expect(moves(stood)).toEqual([]);
});
