import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { limits } from "@tether/protocol/limits";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { refusal, type Story, type Told } from "./story.ts";

const root = join(import.meta.dirname, "../../../../..");
const folder = mkdtempSync(join(tmpdir(), "tether-traces-"));
let stories: Story[] = [];

// The stories are those of `npm test`, run again: what is judged is what the guard does now.
beforeAll(async () => {
  const outer = Object.entries(process.env).filter(([name]) => !name.startsWith("VITEST"));
  const env = { ...Object.fromEntries(outer), TETHER_TRACES: folder };
  const files = ["drive", "peer-outage"].map((name) => `packages/local/test/story/${name}.test.ts`);
  await promisify(execFile)(process.execPath, ["node_modules/vitest/vitest.mjs", "run", ...files], { cwd: root, env, maxBuffer: 1 << 26 });
  stories = readdirSync(folder).map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")));
}, 600_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The events of the one story with such a name. */
function traceOf(name: string): Told[] {
  const [found, ...others] = stories.filter(({ story }) => story.includes(name));
  if (!found || others.length > 0) throw new Error(`${others.length + 1} stories are named so: ${name}`);
  return [...found.traced];
}

const byForce = () => traceOf("by force tells the loser");
const replaced = () => traceOf("an operator that was replaced loses the robot");

/** The index of the first event, from `from` on, that is one. */
function indexOf(trace: readonly Told[], isOne: (told: Told) => boolean, from = 0): number {
  const index = trace.findIndex((told, i) => i >= from && isOne(told));
  if (index === -1) throw new Error("The story has no such event.");
  return index;
}

const is = (name: string, epoch?: number) => (told: Told) => told[0] === name && (epoch === undefined || told[3] === epoch);
const obey = (after: number, by: number, epoch: number, n: number): Told => ["obeyed", after, by, epoch, n, 0];

/** The trace up to there, and then what is said to have happened. */
const until = (trace: readonly Told[], index: number, ...told: readonly Told[]) => refusal([...trace.slice(0, index), ...told]);

describe("the model of control", () => {
  test("accepts every story of the test suite in which a robot is driven [R1, R2, R4, R6]", async () => {
    const refused = await Promise.all(stories.map(async ({ story, traced }) => ({ story, by: await refusal(traced) })));
    expect(refused.filter(({ by }) => by !== undefined)).toEqual([]);
    const told = new Set(stories.flatMap(({ traced }) => traced.map(([what]) => what)));
    expect([...told].sort()).toEqual(["carried", "given", "halted", "lost", "notice", "obeyed", "shown", "welcomed"]);
    expect(stories.length).toBeGreaterThanOrEqual(22);
  });

  test("refuses a command of an epoch that is over [R1, R4]", async () => {
    const trace = byForce();
    const next = indexOf(trace, is("obeyed", 2));
    const [, , by] = trace[indexOf(trace, is("obeyed", 1))] ?? [];
    expect(await until(trace, next, obey(0, by ?? 0, 1, 10_000))).toBe("isObeyed");
  });

  test("refuses a command of who was replaced 20 s after the robot's end noticed that it is cut off, and none just before [R2]", async () => {
    const trace = replaced();
    const lost = indexOf(trace, is("lost"));
    const last = indexOf(trace, is("halted"), lost) - 1;
    const [, , by = 0, epoch = 0, n = 0] = trace[last] ?? [];
    const passed = trace.slice(lost + 1, last + 1).reduce((sum, [, after]) => sum + after, 0);
    const left = limits.control.trustMs - passed;
    expect(await until(trace, last + 1, obey(left - 1, by, epoch, n + 1))).toBeUndefined();
    expect(await until(trace, last + 1, obey(left, by, epoch, n + 1))).toBe("isObeyed");
  });

  test("refuses a command that was obeyed before, and one that is too old [R4]", async () => {
    const trace = byForce();
    const first = indexOf(trace, is("obeyed"));
    const [, , by = 0, epoch = 0, n = 0] = trace[first] ?? [];
    expect(await until(trace, first + 1, obey(0, by, epoch, n))).toBe("isObeyed");
    const old = (age: number): Told => ["obeyed", 0, by, epoch, n + 1, age];
    expect(await until(trace, first + 1, old(limits.control.maxAgeMs.usual))).toBeUndefined();
    expect(await until(trace, first + 1, old(limits.control.maxAgeMs.usual + 1))).toBe("isObeyed");
  });

  test("refuses a command while the robot is being stopped, of either epoch [R6]", async () => {
    const trace = byForce();
    const carried = indexOf(trace, is("carried"));
    const before = trace.slice(0, carried).findLast(is("obeyed"));
    const after = trace[indexOf(trace, is("obeyed", 2))];
    expect(await until(trace, carried, obey(0, before?.[2] ?? 0, 1, 10_000))).toBe("isObeyed");
    expect(await until(trace, carried, obey(0, after?.[2] ?? 0, 2, 1))).toBe("isObeyed");
  });

  test("refuses a permit that another session shows, and one that is over [R1]", async () => {
    const trace = byForce();
    const shown = indexOf(trace, is("shown", 2));
    const [, after, by, epoch, n] = trace[shown] ?? ["shown", 0, 0, 0, 0];
    expect(await until(trace, shown, ["shown", after, by === 1 ? 2 : 1, epoch, n, 0])).toBe("(isTaken==n)");
    expect(await until(trace, shown, ["shown", after, by, epoch, n, limits.control.leaseMs])).toBe("(isTaken==n)");
  });

  test("refuses a robot that goes on by a new permit without having stopped [R6]", async () => {
    const trace = byForce();
    const [notice, shown] = [indexOf(trace, is("notice", 2)), indexOf(trace, is("shown", 2))];
    const [, , by = 0] = trace[shown] ?? [];
    // The holder showed its permit before the notice came, or after it.
    for (const known of [notice, notice + 1])
      expect(await until(trace, known, ["shown", 0, by, 2, 1, 0], obey(0, by, 2, 1))).toBe("isObeyed");
  });
});
