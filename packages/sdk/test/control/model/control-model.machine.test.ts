import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { search } from "./spin.ts";

/** Seconds of one idle core; far more where the machine is busy. */
const patienceMs = 600_000;
const trust = 3;
const safety = readFileSync(join(import.meta.dirname, "../../../../../docs/safety.md"), "utf8");

describe("the model of control, searched whole", () => {
  test(
    "has no way for a replaced operator to move the robot later than its trust after noticing, nor against R1, R4 and R6 [R1, R2, R4, R6]",
    async () => {
      const { errors, broken, isComplete, states } = await search({ TRUST: trust });
      expect({ errors, broken, isComplete }).toEqual({ errors: 0, broken: undefined, isComplete: true });
      expect(safety).toContain(`all ${states.toLocaleString("en")} states`);
    },
    patienceMs,
  );

  test.each([
    ["so deep", { TRUST: 1, LEASE: 2 }, { depth: 100 }],
    ["in so much memory", { TRUST: trust }, { mb: 150 }],
  ])("is not taken for searched where it was not searched but %s", { timeout: patienceMs }, async (_, defines, bounds) => {
    expect(await search(defines, bounds)).toMatchObject({ errors: 0, isComplete: false });
  });

  test("has one where the time is a tick less [R2]", { timeout: patienceMs }, async () => {
    const { broken } = await search({ TRUST: trust, BOUND: trust - 1 });
    expect(broken).toBe(`(((holderEpoch==newest)||isUnaware)||(since<${trust - 1}))`);
  });

  test.each([
    ["a permit is its session's own [R1]", "NO_OWNER", "(by==owner[e])"],
    ["a permit is of no older epoch than one known [R1]", "NO_FENCE", "(e>=movedEpoch)"],
    ["a permit ends [R1]", "NO_LEASE", "(issued[e]<5)"],
    [
      "an end that hears nothing of the permit's epoch obeys it no longer than its trust [R2]",
      "NO_TRUST",
      `(((holderEpoch==newest)||isUnaware)||(since<${trust}))`,
    ],
    ["a command counts on its holder's channel alone [R4]", "NO_CHANNEL", "(by==owner[e])"],
    ["a command is above every number obeyed [R4]", "NO_SEQ", "((e>movedEpoch)||(n>movedSeq))"],
    ["a command is no older than it may be [R4]", "NO_AGE", "(age<=1)"],
    ["a permit of another epoch stops the robot first [R6]", "NO_STOP", "(stood||(e==movedEpoch))"],
    ["a notice of another epoch ends who drives [R6]", "NO_NOTICE", "(holderEpoch>=named)"],
  ])("has one without the rule that %s", { timeout: patienceMs }, async (_, rule, assertion) => {
    const { errors, broken } = await search({ TRUST: trust, [rule]: true });
    expect([errors, broken]).toEqual([1, assertion]);
  });
});
