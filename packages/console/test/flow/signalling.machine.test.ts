import { limits } from "@tether/protocol/limits";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildConsole, openBrowser } from "./browser.ts";
import { countPeers, freshness, startDrivePages, takeControl } from "./drive-page.ts";

let browser: Browser;

beforeAll(async () => {
  await buildConsole();
  browser = await openBrowser();
});

afterAll(() => browser?.close());

const { askMs, trustMs } = limits.control;

/** A page that drives by a key that is held down, on a virtual clock. */
async function startDriving() {
  const drivePages = await startDrivePages(browser, { clock: "virtual" });
  const { deeds, lines } = drivePages;
  const page = await drivePages.openDrive("operator");
  const peers = await countPeers(page);
  // The sweeper frees what was kept for a holder that is away: its next round is more than a story off.
  const sweeps = () => lines.filter(({ event }) => event === "sweep").length;
  for (const swept = sweeps(); sweeps() === swept; ) await drivePages.ahead(5_000);
  await drivePages.hold(page);
  const meanwhile = <Result>(work: Promise<Result>) => drivePages.meanwhile(page, work);
  const pass = (ms: number, isOver?: () => boolean) => drivePages.pass(page, ms, isOver);
  /** Waits until the robot is driven again. Where the clocks of page and robot went apart for a moment, commands are too old until they are measured anew. */
  const moving = async (from: number) => {
    await pass(10_000, () => drivePages.moves(from).length > 0);
    expect(drivePages.moves(from).length).toBeGreaterThan(0);
  };
  await meanwhile(takeControl(page));
  await page.keyboard.down("a");
  await moving(0);
  return {
    ...drivePages,
    page,
    peers,
    pass,
    moving,
    says: (words: string | RegExp) => meanwhile(page.getByText(words).waitFor()),
    drives: () => meanwhile(page.getByText("You drive", { exact: true }).waitFor()),
    /** But for those of a machine that is too busy to have the page command in time. */
    stops: (from: number) => deeds.all.slice(from).flatMap((deed) => (deed.did === "stop" && deed.reason !== "deadman" ? [deed] : [])),
    /** How often control was renewed. */
    renewals: () => lines.filter(({ type }) => type === "control.renew").length,
  };
}

/** The page's way to the system breaks; that to the robot does not. */
async function cutPage(page: Page, connections: Awaited<ReturnType<typeof startDrivePages>>["connections"]): Promise<void> {
  await page.context().setOffline(true);
  for (const { connectionId, authorizer } of connections.list())
    if (authorizer.principalId.startsWith("cse_")) connections.cut(connectionId);
}

test("with the robot's signalling away for 30 s its driver drives on by fresh grants, sees it all the while, and is told until when", async () => {
  const { page, says, drives, peers, pass, moving, network, deeds, stops, renewals, wrong } = await startDriving();
  const told = await freshness(page);
  const begun = deeds.all.length;
  const renewed = renewals();
  network.cut();
  await says("Robot away");
  await says("You keep driving: picture and commands go straight to the robot");
  await says(/It is waited for until .*, another 9:5\d/);
  await pass(30_000);
  await says(/It is waited for until .*, another 9:[23]\d/);
  await drives();
  expect(renewals() - renewed).toBeGreaterThanOrEqual(Math.floor(30_000 / askMs));
  const cut = deeds.all.length;
  await moving(cut);
  network.mend();
  await pass(2_000);
  await says("Picture and commands go straight between this page and the robot.");
  const back = deeds.all.length;
  await moving(back);
  await page.keyboard.up("a");
  expect([stops(begun), await told(), await peers(), wrong()]).toEqual([[], [], ["connected"], []]);
});

test("a page whose own signalling is away for 30 s drives on meanwhile; back in time it keeps control, else it reads that it ran out", async () => {
  const { page, says, drives, peers, pass, moving, connections, deeds, stops } = await startDriving();
  const told = await freshness(page);
  const begun = deeds.all.length;
  await cutPage(page, connections);
  await says("Page away");
  await says("You keep driving: picture and commands go straight to the robot");
  await says(/Control is kept for you for another 0:\d\d at least/);
  await pass(8_000);
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

test("a page that is away drives until someone else has control, and then says that the robot refuses", async () => {
  const { page, says, pass, connections, join, deeds, moves, stops } = await startDriving();
  await cutPage(page, connections);
  await says("Page away");
  await pass(20_000);
  const begun = deeds.all.length;
  const boss = join("owner");
  boss.drive.request();
  await boss.ready();
  await expect.poll(() => stops(begun)).toMatchObject([{ reason: "epoch" }]);
  const stop = deeds.all.findLastIndex((deed) => deed.did === "stop");
  await pass(2_000);
  expect(moves(stop)).toEqual([]);
  await says("The robot refused the permission to drive.");
  await page.keyboard.up("a");
});

test("with both away, one whose control was taken drives no longer than the trust in a grant lasts, and reads so", async () => {
  const { page, says, pass, network, connections, session, join, now, deeds, moves, stops } = await startDriving();
  const begun = deeds.all.length;
  const noticed = new Promise<void>((resolve) => void session.on("state", ({ status }) => status !== "online" && resolve()));
  network.cut();
  await noticed;
  await cutPage(page, connections);
  // From here on the robot hears nothing, and no permit is issued to be brought to it.
  const awayAt = now();
  await says("Page away");
  const boss = join("owner");
  await boss.heard.until("control", ({ name }) => name === "control");
  const taken = boss.heard.until("control", () => boss.drive.control?.holder?.session === boss.client.id);
  boss.drive.take("off with it");
  await taken;
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
