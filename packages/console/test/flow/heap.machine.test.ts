import { password } from "@tether/local/identity/user";
import { createSetup } from "@tether/local/setup";
import type { Page, Request } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { maxLines } from "../../src/monitor/log.ts";
import { signIn } from "./browser.ts";
import { startDrivePages } from "./drive-page.ts";
import { say } from "./own-end.ts";
import { pauseTime } from "./page-time.ts";
import { type Running, startConsole } from "./rig.ts";
import { openTab } from "./tab.ts";

const minute = 60_000;
const hour = 60 * minute;
/** How long a page is watched. `npm run heap` watches a working day: these are enough to find a page that keeps what it was answered. */
const hours = Number(process.env.TETHER_HEAP_HOURS ?? 2);

/**
 * How much time passes at the service, and then in the page: less than what a token is renewed, and a keepalive is sent, before it is late. And
 * how much of it in the page before it waits for its answers.
 */
const [leapMs, stepMs] = [minute, 30_000] as const;
/** The same for a page that drives, where nothing is due as often. */
const longMs = 4 * minute;

let running: Running;

beforeAll(async () => {
  running = await startConsole({ clock: "virtual" });
});

afterAll(() => running?.stop());

/** A page that stays open, from the fleet on, and what shows that it is there. */
type Watched = { readonly name: string; readonly open: (page: Page) => Promise<void> };

const pages: readonly Watched[] = [
  { name: "the fleet", open: (page) => page.getByText("Online").first().waitFor() },
  {
    name: "a robot's timeline",
    async open(page) {
      await page.getByRole("link", { name: "Rover" }).click();
      await page.getByRole("region", { name: "Picture" }).waitFor();
    },
  },
  {
    name: "a robot's monitor",
    async open(page) {
      await page.getByRole("link", { name: "Rover" }).click();
      await page.getByRole("navigation", { name: "Robot" }).getByRole("link", { name: "Monitor" }).click();
      await page.getByText("Live", { exact: true }).first().waitFor();
      // A log that is full: each further line takes an older one's place.
      const [, , robot = ""] = new URL(page.url()).pathname.split("/");
      const token = await createSetup(running.system).token("operator");
      const refused = Array.from({ length: maxLines }, () => "not JSON");
      const letGo = await say({ api: running.system.origin, robot, token }, ...refused);
      await page.getByRole("button", { name: "Show more" }).waitFor();
      letGo();
    },
  },
];

type Used = { readonly heap: number; readonly nodes: number; readonly listeners: number };

/** The memory that the page holds on to: bytes of its heap after a collection, nodes and listeners. */
async function weigh(page: Page): Promise<() => Promise<Used>> {
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.enable");
  await session.send("Performance.enable");
  return async () => {
    for (let time = 0; time < 2; time += 1) await session.send("HeapProfiler.collectGarbage");
    const { usedSize } = await session.send("Runtime.getHeapUsage");
    const { metrics } = await session.send("Performance.getMetrics");
    const metric = (name: string) => metrics.find((one) => one.name === name)?.value ?? Number.NaN;
    return { heap: usedSize, nodes: metric("Nodes"), listeners: metric("JSEventListeners") };
  };
}

/** Nothing that a page holds on to grew by a tenth. */
function expectAsLarge(name: string, first: Used, last: Used): void {
  const growth = { heap: last.heap / first.heap, nodes: last.nodes / first.nodes, listeners: last.listeners / first.listeners };
  process.stdout.write(
    `After ${hours} h ${name} held ${Object.entries(growth)
      .map(([what, grown]) => `${grown.toFixed(3)} × ${what}`)
      .join(", ")}\n`,
  );
  for (const [what, grown] of Object.entries(growth)) expect(grown, `${what}, ${JSON.stringify({ first, last })}`).toBeLessThan(1.1);
}

/** Lets the service be so far ahead of the page, whose time stands still while this test works. */
async function lead(page: Page, ms: number): Promise<void> {
  const target = (await page.evaluate(() => Date.now())) + ms;
  const aheadMs = Math.max(0, Math.round(target - running.system.env.clock.now()));
  await fetch(`${running.system.origin}/local/clock`, { method: "POST", body: JSON.stringify({ aheadMs }) });
}

/** So much time passes at the service and in the page, all of whose timers run, and whose requests are answered. */
async function pass(page: Page, ms: number): Promise<void> {
  const open = new Set<Request>();
  const begin = (request: Request) => void open.add(request);
  const end = (request: Request) => void open.delete(request);
  page.on("request", begin).on("requestfinished", end).on("requestfailed", end);
  for (let passed = 0; passed < ms; passed += stepMs) {
    if (passed % leapMs === 0) await lead(page, Math.min(leapMs, ms - passed));
    await page.clock.runFor(stepMs);
    await Promise.all([...open].map((request) => request.response().then((response) => response?.finished())));
  }
  page.off("request", begin).off("requestfinished", end).off("requestfailed", end);
}

/** How a page's use changes while it is open for so long, after all of it ran once and was compiled. */
async function watch({ open }: Watched, ms: number, before: (page: Page) => Promise<void> = async () => {}) {
  const { page } = await openTab(running.browser);
  await page.clock.install({ time: running.system.env.clock.now() });
  await before(page);
  await signIn(page, running.system.origin, "owner", password);
  await open(page);
  await pauseTime(page);
  const look = await weigh(page);
  await pass(page, 10 * minute);
  const first = await look();
  await pass(page, ms);
  const last = await look();
  await page.context().close();
  return { first, last };
}

const timeout = hours * 600_000;

test.each(pages)("hours of $name leave the heap as large as it was", { timeout }, async (watched) => {
  const { first, last } = await watch(watched, hours * hour);
  expectAsLarge(watched.name, first, last);
});

test("hours of what a robot shows leave the heap as large as it was", { timeout }, async () => {
  const { openDrive, wait, wrong } = await startDrivePages(running.browser, { clock: "virtual" });
  const page = await openDrive("operator");
  const look = await weigh(page);
  // By then it was handed over, and the browser has compiled what runs often.
  await wait(page, 3 * hour, () => false, longMs);
  const first = await look();
  await wait(page, hours * hour, () => false, longMs);
  expectAsLarge("the drive page", first, await look());
  expect(wrong()).toEqual([]);
});

test("a page that keeps ten kilobytes of each answer is found out within the hour", { timeout: 900_000 }, async () => {
  const [fleet] = pages;
  if (!fleet) throw new Error("there is no page");
  const { first, last } = await watch(fleet, hour, async (page) => {
    await page.addInitScript(() => {
      const kept: unknown[] = [];
      const real = window.fetch;
      window.fetch = (...asked) => {
        kept.push(Array.from({ length: 1_280 }, () => Math.random()));
        return real(...asked);
      };
    });
  });
  expect(last.heap / first.heap, JSON.stringify({ first, last })).toBeGreaterThan(1.1);
});
