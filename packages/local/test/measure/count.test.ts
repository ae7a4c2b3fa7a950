import { expect, test } from "vitest";
import { inLab } from "../../src/measure/lab.ts";
import { countMonths } from "../../src/measure/month.ts";
import { countOperations, holdMs } from "../../src/measure/operation.ts";
import { report, rowOf } from "../../src/measure/report.ts";

/** Store requests, of these one after the other, read units, write units, posts, Lambda runs; and bytes of log at most. */
const committed: Record<string, readonly [number, number, number, number, number, number, number]> = {
  "robot ticket": [2, 2, 6, 1, 0, 1, 380],
  "robot connect + hello": [4, 4, 2, 17, 1, 3, 710],
  "client ticket": [2, 1, 9, 0, 0, 1, 380],
  "client connect + hello": [4, 4, 2, 21, 2, 3, 710],
  "set-up of 22 signals": [22, 22, 11, 0, 22, 22, 6 * 1_024],
  signal: [1, 1, 0.5, 0, 1, 1, 280],
  keepalive: [0, 0, 0, 0, 0, 0, 0],
  "robot renew ticket": [2, 2, 6, 1, 0, 1, 380],
  renew: [1, 1, 0, 9, 1, 1, 420],
  disconnect: [2, 2, 1, 7, 1, 1, 530],
  "sweep tick, nothing due": [4, 1, 2, 0, 0, 0, 130],
};

test("no operation asks for more than it did", async () => {
  const counted = await inLab(countOperations, { holdMs });
  const operations = Object.fromEntries(Object.entries(counted).map(([name, one]) => [name, rowOf(one)]));
  expect(Object.keys(operations)).toEqual(Object.keys(committed));
  for (const [name, { logBytes, perMillion: _, ...counts }] of Object.entries(operations)) {
    const [requests, depth, readUnits, writeUnits, posts, runs, mostBytes = 0] = committed[name] ?? [];
    expect(counts, name).toEqual({ requests, depth, readUnits, writeUnits, posts, runs });
    expect(logBytes, name).toBeLessThanOrEqual(mostBytes);
  }
}, 120_000);

test("a robot's month costs no more than it did", async () => {
  const { months } = report({}, await countMonths(inLab));
  expect(months.nobody.total).toBeLessThanOrEqual(0.0142);
  expect(months.idle.total).toBeLessThanOrEqual(0.028);
  expect(months.active.total).toBeLessThanOrEqual(0.036);
}, 120_000);
