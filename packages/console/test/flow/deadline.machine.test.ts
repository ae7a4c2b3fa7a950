import { limits } from "@tether/protocol/limits";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildConsole, openBrowser } from "./browser.ts";
import { countPeers, startDrivePages, takeControl } from "./drive-page.ts";
import { driveUntil, key } from "./holding.ts";

let browser: Browser;

beforeAll(async () => {
  await buildConsole();
  browser = await openBrowser();
});

afterAll(() => browser?.close());

const minute = 60_000;
/** As long as a page may be behind the service: a keepalive is sent, and a token renewed, before it is late. */
const longMs = 4 * minute;
const [, latestMs] = limits.session.rolloverMs;

/** A row of the strip of deadlines. */
const strip = (page: Page, name: string) => page.locator(".strip div", { hasText: name }).locator("dd");

test("a page that is open for hours is handed over and its lease renewed: one session, one peer connection, one picture", async () => {
  const { openDrive, wait, connections, moves, timeline, call, robot, wrong } = await startDrivePages(browser, { clock: "virtual" });
  const page = await openDrive("operator");
  const peers = await countPeers(page);
  const own = () => connections.list().find(({ authorizer }) => authorizer.principalId.startsWith("cse_"))?.connectionId;
  const [connection, lease] = [strip(page, "Connection"), strip(page, "Lease")];
  const [first, until, leased] = [own(), await connection.textContent(), await lease.textContent()];
  expect(until).toMatch(/^handed over before .*, without a gap$/);
  expect(leased).toMatch(/^until .*, renewed by itself$/);

  await wait(page, 115 * minute, () => own() !== first, longMs);
  expect(own()).not.toBe(first);
  await expect.poll(() => connection.textContent()).not.toBe(until);
  expect(await lease.textContent()).toBe(leased);

  await wait(page, 160 * minute, async () => (await lease.textContent()) !== leased, longMs);
  expect(await lease.textContent()).toMatch(/^until .*, renewed by itself$/);
  expect(await lease.textContent()).not.toBe(leased);

  await takeControl(page);
  await driveUntil(page, key(page, "a"), () => moves(0).length > 0);
  await page.keyboard.up("a");
  expect(await peers()).toEqual(["connected"]);
  const { items } = (await call("GET", `/robots/${robot}/sessions`)) as { items: { kind: string; state: string }[] };
  expect(items.filter(({ kind }) => kind === "client")).toMatchObject([{ state: "online" }]);
  const types = (await timeline()).map(({ type }) => type);
  expect(types.filter((type) => type === "session.away" || type === "session.ended")).toHaveLength(1);
  expect(wrong()).toEqual([]);
});

test("a page whose lease cannot be renewed is warned, is told that it is over, and goes on by itself once it can be", async () => {
  const { openDrive, wait, timeline } = await startDrivePages(browser, { clock: "virtual" });
  const page = await openDrive("operator");
  const peers = await countPeers(page);
  let isCut = false;
  await page.route("**/v1/tickets/client", (route) => {
    const { use } = route.request().postDataJSON() as { use?: string };
    return isCut || use === "renew" ? route.abort() : route.fallback();
  });
  // By then it was handed over twice, each time by the token whose end the lease's is, and is not again before that.
  await wait(page, 2 * latestMs + 6 * minute, () => false, longMs);
  isCut = true;
  const lease = strip(page, "Lease");
  await wait(page, 18 * minute, async () => (await lease.textContent())?.startsWith("over in"), 20_000);
  expect(await lease.textContent()).toMatch(/^over in [01]:\d\d, and could not be renewed yet$/);

  await wait(page, 70_000, () => false, 10_000);
  expect(await lease.textContent()).toMatch(/^over: Tether passes nothing on until it is renewed/);
  const ended = async () => (await page.getByText("Connected", { exact: true }).count()) === 0;
  await wait(page, 5 * minute, ended, 10_000);
  await page.getByText("Page away").waitFor();
  await page.getByText("The picture comes straight from the robot and goes on, and STOP works.").waitFor();
  const ending = ["session.away", "session.expired", "session.expiring", "session.expiring"];
  expect((await timeline()).map(({ type }) => type).slice(0, 4)).toEqual(ending);

  await page.unroute("**/v1/tickets/client");
  await wait(page, minute, async () => !(await ended()), 10_000);
  await page.getByText("Connected", { exact: true }).waitFor();
  await expect.poll(() => lease.textContent()).toMatch(/^until .*, renewed by itself$/);
  expect((await timeline())[0]).toMatchObject({ type: "session.resumed" });
  expect(await peers()).toEqual(["connected"]);
});
