import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildConsole, openBrowser } from "./browser.ts";
import { countPeers, pictures, startDrivePages, takeControl } from "./drive-page.ts";

let browser: Browser;

beforeAll(async () => {
  await buildConsole();
  browser = await openBrowser();
});

afterAll(() => browser?.close());

/** Where things that must not move are. */
const places = (page: Page) => Promise.all([".screen", ".dock", ".stop", ".joystick"].map((part) => page.locator(part).boundingBox()));

test("while the robot has lost touch, and after it is back, it is seen and driven over the same peer connection", async () => {
  const { openDrive, network, deeds, moves, wrong } = await startDrivePages(browser);
  const page = await openDrive("operator");
  const connections = await countPeers(page);
  await takeControl(page);
  const before = await places(page);
  await page.keyboard.down("a");
  await expect.poll(() => moves(0).length).toBeGreaterThan(0);
  network.cut();
  await page.getByText("Robot away").waitFor();
  await page.getByText("You keep driving: picture and commands go straight to the robot").waitFor();
  await page.getByText(/It is waited for until .*, another 9:5\d/).waitFor();
  const cut = deeds.all.length;
  await pictures(page, 10);
  await expect.poll(() => moves(cut).length).toBeGreaterThan(5);
  expect(await places(page)).toEqual(before);
  await page.setViewportSize({ width: 390, height: 844 });
  const small = await places(page);
  network.mend();
  await page.getByText("Connected", { exact: true }).waitFor();
  expect(await places(page)).toEqual(small);
  const mended = deeds.all.length;
  await expect.poll(() => moves(mended).length).toBeGreaterThan(5);
  await page.keyboard.up("a");
  expect(deeds.all.filter((deed) => deed.did === "stop" && deed.reason !== "deadman")).toEqual([]);
  expect(await connections()).toEqual(["connected"]);
  expect(wrong()).toEqual([]);
});

test("while the page has lost touch it says what goes on and until when, drives on, and can stop the robot", async () => {
  const { openDrive, connections, deeds, moves } = await startDrivePages(browser);
  const page = await openDrive("operator");
  const peers = await countPeers(page);
  await takeControl(page);
  await page.keyboard.down("a");
  await expect.poll(() => moves(0).length).toBeGreaterThan(0);
  await page.context().setOffline(true);
  for (const { connectionId, authorizer } of connections.list())
    if (authorizer.principalId.startsWith("cse_")) connections.cut(connectionId);
  await page.getByText("Page away").waitFor();
  await page.getByText("You keep driving").waitFor();
  await page.getByText(/Control is kept for you for another 0:\d\d at least/).waitFor();
  const cut = deeds.all.length;
  await expect.poll(() => moves(cut).length).toBeGreaterThan(5);
  await page.keyboard.up("a");
  await page.keyboard.press("Escape");
  await page.getByText("The robot stopped").waitFor();
  await page.context().setOffline(false);
  await page.getByText("Connected", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Resume" }).click();
  await page.getByText("You drive", { exact: true }).waitFor();
  expect(await peers()).toEqual(["connected"]);
});

test("a picture that does not move is said to be old", async () => {
  const { openDrive } = await startDrivePages(browser);
  const page = await openDrive("viewer");
  // The picture stops, and everything else goes on.
  await page.evaluate(() => document.querySelector("video")?.pause());
  await page.getByText("This picture is old.").waitFor();
  await page.evaluate(() => document.querySelector("video")?.play());
  await page.getByText("This picture is old.").waitFor({ state: "detached" });
});
