import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { platform } from "@tether/sdk/platform";
import type { Page } from "playwright-core";
import { afterAll, expect, test } from "vitest";
import { carryPath } from "../../../console/test/flow/slow-path.ts";
import { startTurnServer } from "../../../local/test/ice/turn-server.ts";
import { folder, startAgent } from "../agent-process.ts";
import { startService } from "../service.ts";
import { inPage, openDrivePage } from "./chromium.ts";
import { createEmulatedPath, type Link, seeded } from "./emulated-path.ts";
import type { Recorded } from "./page.ts";

const { clock } = platform;

/** How many seconds each path is watched. `npm run cameras` watches a minute, and the free path for ten: these show that pictures come at all. */
const seconds = Number(process.env.TETHER_CAMERA_SECONDS ?? 5);
const isMeasured = process.env.TETHER_CAMERA_SECONDS !== undefined;

const open = { delayMs: 20, loss: 0, rate: undefined } as const satisfies Link;
const stamped = (name: string) => ({
  name,
  source: `rtp:exec /usr/bin/python3 '${join(import.meta.dirname, "stamped.py")}'`,
  kbits: 2_000,
});
const cameras = [stamped("front"), stamped("rear")];

/** Logs how old each command is when it comes to the driver, in ms. */
const driver = (log: string) => `
import { appendFileSync } from "node:fs";
import { createInterface } from "node:readline";
createInterface({ input: process.stdin }).on("close", () => process.exit(0)).on("line", (line) => {
  const { id, type, command } = JSON.parse(line);
  if (type === "command") appendFileSync(${JSON.stringify(log)}, Date.now() - command.at + "\\n");
  process.stdout.write(JSON.stringify({ type: "done", id }) + "\\n");
});`;

/** The seconds of a core that a robot's processes have taken, without those of its cameras' programs and its driver. */
function cpuSeconds(root: number): number {
  const all = readdirSync("/proc").flatMap((name) => {
    try {
      const [, parent, times = ""] = /\) \S (\d+) (?:\S+ ){9}(\d+ \d+)/.exec(readFileSync(`/proc/${name}/stat`, "utf8")) ?? [];
      const [user = 0, system = 0] = times.split(" ").map(Number);
      return [{ pid: Number(name), parent: Number(parent), ticks: user + system, command: readFileSync(`/proc/${name}/cmdline`, "utf8") }];
    } catch {
      return [];
    }
  });
  const within = (pid: number): number =>
    all
      .filter((one) => one.pid === pid || one.parent === pid)
      .filter(({ command }) => !/stamped\.py|driver\.mjs/.test(command))
      .reduce((sum, one) => sum + (one.pid === pid ? one.ticks : within(one.pid)), 0);
  return within(root) / 100;
}

/** A robot with two cameras that is driven by a tab of Chromium over such a path. */
async function driven(
  link: Link,
  { relayOnly = false, watch = ["front", "rear"] }: { relayOnly?: boolean; watch?: readonly string[] } = {},
) {
  const secret = randomBytes(16).toString("hex");
  const ice = relayOnly && { ice: JSON.stringify({ coturn: { urls: [(await startTurnServer(secret)).url], secret } }) };
  const service = await startService({ ...ice });
  const robot = await service.createRobot();
  await service.call("PATCH", `/robots/${robot}`, { control: { blindMs: null } });
  const home = folder();
  const log = join(home, "ages");
  writeFileSync(log, "");
  writeFileSync(join(home, "driver.mjs"), driver(log));
  await startAgent(home, "enroll", service.origin, await service.codeFor(robot)).ended;
  const config = join(home, "config.json");
  writeFileSync(config, JSON.stringify({ driver: `'${process.execPath}' '${join(home, "driver.mjs")}'`, cameras }));
  const agent = startAgent(home, "run", "--config", config);
  const path = createEmulatedPath({ clock, random: seeded(17) }, link);
  // Through a relay nothing is emulated: the two ends are behind it.
  const { page, wrong } = await openDrivePage(service.origin, (page) => (relayOnly ? Promise.resolve() : carryPath(page, path.carry)));
  await agent.saying({ event: "state", status: "online" });
  const startedAt = Date.now();
  await inPage(page, (page) => page.record(), undefined);
  await inPage(page, (page, options) => page.start(options), {
    api: service.origin,
    robot,
    token: await service.token("owner"),
    relayOnly,
  });
  await expect.poll(() => inPage(page, (page) => page.cameras().some(({ shown }) => shown > 0), undefined)).toBe(true);
  const first = Math.min(
    ...Object.values(await inPage(page, (page) => page.recorded(), undefined)).flatMap(({ pictures }) => pictures.map(([at]) => at)),
  );
  await inPage(page, (page, names) => page.watch(names), watch);
  await inPage(page, (page) => page.request(), undefined);
  await expect.poll(() => inPage(page, (page) => page.canDrive, undefined)).toBe(true);
  await inPage(page, (page) => page.holdStamped(), undefined);
  const agesOf = () => readFileSync(log, "utf8").split("\n").slice(0, -1).map(Number);
  await expect.poll(() => agesOf().length).toBeGreaterThan(20);
  const cpu = () => cpuSeconds(agent.pid ?? 0);
  return { page, path, wrong, cpu, agesOf, firstMs: first - startedAt };
}

type Driven = Awaited<ReturnType<typeof driven>>;

const quantile = (values: readonly number[], share: number) =>
  values.toSorted((one, other) => one - other)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;

/** The pictures of one camera that were shown in a while, and the ages of the commands at the driver meanwhile. */
type Seen = {
  readonly path: string;
  readonly camera: string;
  /** Pictures a second, and the longest time without a new one in ms. */
  readonly fps: number;
  readonly frozenMs: number;
  /** From the stamp to the glass, in ms. */
  readonly glass: readonly [p50: number, p95: number];
  readonly kbits: number;
  readonly commandMs: readonly [p50: number, most: number];
  /** The share of one core that the robot's processes took, in percent. */
  readonly cpu: number;
};

const rows: Seen[] = [];

function seenOf({ pictures, bytes }: Recorded, [from, to]: readonly [number, number], bytesBefore: number) {
  const times = [from, ...pictures.map(([at]) => at), to];
  const gaps = times.slice(1).map((at, index) => at - (times[index] ?? at));
  const ages = pictures.map(([, age]) => age);
  return {
    fps: (pictures.length * 1_000) / (to - from),
    frozenMs: Math.max(...gaps),
    glass: [quantile(ages, 0.5), quantile(ages, 0.95)],
    kbits: ((bytes - bytesBefore) * 8) / (to - from),
  } as const;
}

const recordedIn = (page: Page) => inPage(page, (page) => page.recorded(), undefined);

/** Watches for so many seconds, or where nothing is measured until pictures of all these cameras came. */
async function watch(
  { page, cpu, agesOf }: Driven,
  path: string,
  names: readonly string[],
  forSeconds = seconds,
): Promise<readonly Seen[]> {
  const before = await recordedIn(page);
  const [from, cpuBefore, agesBefore] = [Date.now(), cpu(), agesOf().length];
  if (isMeasured) await new Promise<void>((resolve) => clock.after(forSeconds * 1_000, resolve));
  else {
    const shownOf = () => inPage(page, (page) => page.cameras().map(({ name, shown }) => [name, shown] as const), undefined);
    const [first, mark] = [Object.fromEntries(await shownOf()), agesBefore];
    const isShown = async () => (await shownOf()).every(([name, shown]) => !names.includes(name) || shown > (first[name] ?? 0) + 20);
    await expect.poll(isShown, { timeout: 60_000 }).toBe(true);
    await expect.poll(() => agesOf().length, { timeout: 60_000 }).toBeGreaterThan(mark + 20);
  }
  const after = await recordedIn(page);
  const to = Date.now();
  const ages = agesOf().slice(agesBefore);
  const common = {
    path,
    commandMs: [quantile(ages, 0.5), Math.max(...ages)],
    cpu: ((cpu() - cpuBefore) * 100_000) / (to - from),
  } as const;
  const seen = names.map((camera): Seen => {
    const { bytes = 0 } = before[camera] ?? {};
    return { ...common, camera, ...seenOf(after[camera] ?? { pictures: [], bytes }, [from, to], bytes) };
  });
  rows.push(...seen);
  return seen;
}

const rounded = (value: number) => (Number.isNaN(value) ? "–" : String(Math.round(value)));

afterAll(() => {
  if (!isMeasured) return;
  const lines = rows.map(({ path, camera, fps, frozenMs, glass, kbits, commandMs, cpu }) =>
    [path, camera, fps.toFixed(1), ...[frozenMs, ...glass, kbits, ...commandMs].map(rounded), cpu.toFixed(1)].join(" | "),
  );
  process.stdout.write(
    `| path | camera | pictures/s | longest without, ms | glass-to-glass p50, ms | p95, ms | kbit/s | command p50, ms | most, ms | agent, % of a core |\n| ${"--- | ".repeat(10)}\n${lines.map((line) => `| ${line} |\n`).join("")}`,
  );
});

/** Pictures came, with the stamps that the camera drew: nobody encoded them anew on the way in a way that would lose the stamp, and none was shown in part. */
function expectPictures(seen: readonly Seen[]): void {
  for (const { fps, glass } of seen) {
    expect(fps).toBeGreaterThan(0);
    for (const age of glass) expect(Math.abs(age)).toBeLessThan(60_000);
  }
}

const both = ["front", "rear"] as const;

test("two cameras are seen while the robot is driven, over a free path", { timeout: 600_000 + seconds * 10_000 }, async () => {
  const robot = await driven(open);
  process.stdout.write(`First picture after ${robot.firstMs} ms.\n`);
  expectPictures(await watch(robot, "free, 20 ms each way", both, seconds * 10));
  expect(robot.wrong).toEqual([]);
});

if (isMeasured) {
  test("two cameras are seen through a relay alone", async () => {
    const robot = await driven(open, { relayOnly: true });
    process.stdout.write(`First picture through a relay after ${robot.firstMs} ms.\n`);
    expectPictures(await watch(robot, "relay alone", both));
  });

  test("two cameras are seen where packets are lost", async () => {
    const robot = await driven({ ...open, loss: 0.05 });
    expectPictures(await watch(robot, "5 % loss", both));
  });

  test.each([
    [["front"], 1_200_000],
    [["front"], 500_000],
    [both, 1_200_000],
    [both, 500_000],
  ] as const)("%j over a path that shrinks to %i bit/s and opens again", async (names, rate) => {
    const robot = await driven(open, { watch: names });
    const of = `${names.length} camera${names.length > 1 ? "s" : ""}`;
    await watch(robot, `${of}: free before`, names, 20);
    robot.path.become({ rate });
    await watch(robot, `${of}: narrowed to ${rate / 1_000} kbit/s, first 15 s`, names, 15);
    await watch(robot, `${of}: at ${rate / 1_000} kbit/s after that`, names, 20);
    robot.path.become({ rate: undefined });
    await watch(robot, `${of}: opened, first 15 s`, names, 15);
    await watch(robot, `${of}: free after that`, names, 10);
  });
}
