import { limits } from "@tether/protocol/limits";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildConsole, openBrowser } from "./browser.ts";
import { freshness } from "./drive-page.ts";
import { cutPage, startDriving } from "./driving.ts";

let browser: Browser;

beforeAll(async () => {
  await buildConsole();
  browser = await openBrowser();
});

afterAll(() => browser?.close());

const { askMs, trustMs } = limits.control;

/** Where things that must not move are. */
const places = (page: Page) => Promise.all([".screen", ".dock", ".stop", ".joystick"].map((part) => page.locator(part).boundingBox()));

/** Until when the page waits for the robot, by its words, and how long that is, in s. */
async function waits(page: Page) {
  const words = await page.getByText("It is waited for until").textContent();
  const [, until, minutes, seconds] = /until (.*), another (\d+):(\d\d)/.exec(words ?? "") ?? [];
  return { until, left: Number(minutes) * 60 + Number(seconds) };
}

test("with the robot's signalling away for 30 s its driver drives on by fresh grants, sees it all the while where it was, and is told until when", async () => {
  const { page, says, drives, peers, pass, moving, network, deeds, stops, renewals, wrong } = await startDriving(browser);
  const told = await freshness(page);
  const begun = deeds.all.length;
  const renewed = renewals();
  const before = await places(page);
  network.cut();
  await says("Robot away");
  await says("You keep driving: picture and commands go straight to the robot");
  await says("It is waited for until");
  const first = await waits(page);
  expect(first.left).toBeGreaterThan(500);
  await pass(30_000);
  await expect.poll(async () => (await waits(page)).left).toBeLessThanOrEqual(first.left - 29);
  expect((await waits(page)).until).toBe(first.until);
  await drives();
  expect(await places(page)).toEqual(before);
  expect(renewals() - renewed).toBeGreaterThanOrEqual(Math.floor(30_000 / askMs));
  const cut = deeds.all.length;
  await moving(cut);
  await page.setViewportSize({ width: 390, height: 844 });
  await pass(1_000);
  const small = await places(page);
  network.mend();
  await pass(2_000);
  await says("Picture and commands go straight between this page and the robot.");
  expect(await places(page)).toEqual(small);
  const back = deeds.all.length;
  await moving(back);
  await page.keyboard.up("a");
  expect([stops(begun), await told(), await peers(), wrong()]).toEqual([[], [], ["connected"], []]);
});

test("a page whose own signalling is away for 30 s drives on meanwhile; back in time it keeps control, else it reads that it ran out", async () => {
  const { page, says, drives, peers, pass, moving, connections, deeds, stops } = await startDriving(browser);
  const told = await freshness(page);
  const begun = deeds.all.length;
  await cutPage(page, connections);
  await says("Page away");
  await says("You keep driving: picture and commands go straight to the robot");
  await says(/Control is kept for you for another 0:\d\d at least/);
  await pass(4_000);
  await page.context().setOffline(false);
  await says("Picture and commands go straight between this page and the robot.");
  await drives();
  expect(stops(begun)).toEqual([]);

  await cutPage(page, connections);
  await says("Page away");
  await pass(30_000);
  await says("Control is kept for you no longer");
  await drives();
  const late = deeds.all.length;
  await moving(late);
  expect(stops(begun)).toEqual([]);
  await page.context().setOffline(false);
  await says("You lost control while this page was away.");
  await page.keyboard.up("a");
  await expect.poll(() => stops(begun)).toMatchObject([{ reason: "epoch" }]);
  await page.getByRole("button", { name: "Request control" }).click();
  await drives();
  const again = deeds.all.length;
  await page.keyboard.down("a");
  await moving(again);
  await page.keyboard.up("a");
  expect([await told(), await peers()]).toEqual([[], ["connected"]]);
});

test("a page whose own signalling is away stops the robot by the channel, and drives on once it is back and resumed", async () => {
  const { page, says, drives, peers, connections, deeds } = await startDriving(browser);
  await cutPage(page, connections);
  await says("Page away");
  const away = deeds.all.length;
  await page.keyboard.up("a");
  await page.keyboard.press("Escape");
  await says("The robot stopped");
  expect(deeds.all.slice(away)).toContainEqual(expect.objectContaining({ did: "stop", reason: "stop" }));
  await page.context().setOffline(false);
  await says(/^Connected$/);
  await page.getByRole("button", { name: "Resume" }).click();
  await drives();
  expect(await peers()).toEqual(["connected"]);
});

test("a page that is away drives until someone else has control, and then says that the robot refuses", async () => {
  const { page, says, pass, meanwhile, connections, join, deeds, moves, stops } = await startDriving(browser);
  await cutPage(page, connections);
  await says("Page away");
  await pass(20_000);
  const begun = deeds.all.length;
  const boss = join("owner");
  boss.drive.request();
  await meanwhile(boss.ready());
  await expect.poll(() => stops(begun)).toMatchObject([{ reason: "epoch" }]);
  const stop = deeds.all.findLastIndex((deed) => deed.did === "stop");
  await pass(2_000);
  expect(moves(stop)).toEqual([]);
  await says("The robot refused the permission to drive.");
  await page.keyboard.up("a");
});

test("with both away, one whose control was taken drives no longer than the trust in a grant lasts, and reads so", async () => {
  const { page, says, pass, meanwhile, network, connections, session, join, now, deeds, moves, stops } = await startDriving(browser);
  const begun = deeds.all.length;
  const noticed = new Promise<void>((resolve) => void session.on("state", ({ status }) => status !== "online" && resolve()));
  network.cut();
  await meanwhile(noticed);
  await cutPage(page, connections);
  // From here on the robot hears nothing, and no permit is issued to be brought to it.
  const awayAt = now();
  await says("Page away");
  const boss = join("owner");
  await meanwhile(boss.heard.until("control", ({ name }) => name === "control"));
  const taken = boss.heard.until("control", () => boss.drive.control?.holder?.session === boss.client.id);
  boss.drive.take("off with it");
  await meanwhile(taken);
  await pass(trustMs + 5_000, () => stops(begun).length > 0);
  // A robot that a busy machine's page left without commands stood already.
  expect(stops(begun).every(({ reason }) => reason === "signalling.away")).toBe(true);
  const driven = moves(begun).map(({ at }) => at - awayAt);
  expect(driven.at(-1)).toBeGreaterThan(trustMs / 2);
  expect(driven.at(-1)).toBeLessThanOrEqual(trustMs);
  const stop = deeds.all.findLastIndex((deed) => deed.did === "stop");
  await pass(5_000);
  expect(moves(stop)).toEqual([]);
  await says("The robot refused the permission to drive.");
  await page.keyboard.up("a");
});
