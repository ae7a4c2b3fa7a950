import { describe, expect, test } from "vitest";
import { bounds, divide, nextAllowance } from "../../src/media/allowance.ts";

const most = 2_500_000;

describe("the allowance of a path whose receiver estimates", () => {
  test.each([
    ["stays until the receiver estimated", 1e6, { estimate: undefined, lost: 0, sent: 1e6 }, 1e6],
    ["goes down at once to what the path bears", 2e6, { estimate: 1e6, lost: 0, sent: 1.9e6 }, 850_000],
    ["goes up by 1.6 % a step where there is room", 1e6, { estimate: 3e6, lost: 0, sent: 1e6 }, 1_016_000],
    ["goes up to the estimate, and not beyond", 1e6, { estimate: 1.18e6, lost: 0, sent: 1e6 }, 1_003_000],
    ["does not trust an estimate that was made while little was sent", 1e6, { estimate: 0.2e6, lost: 0, sent: 0.5e6 }, 1_016_000],
    ["does not try for more while packets are lost", 1e6, { estimate: 0.2e6, lost: 0.01, sent: 0.5e6 }, 1e6],
    ["goes down by loss although the estimate does not", 1e6, { estimate: 2e6, lost: 0.4, sent: 1e6 }, 800_000],
    ["never goes below the least", 2e5, { estimate: 1e4, lost: 0, sent: 2e5 }, bounds.least],
    ["never goes above the most", most, { estimate: 1e9, lost: 0, sent: most }, most],
  ] as const)("%s", (_, before, report, after) => {
    expect(nextAllowance({ allowance: before }, most, report).allowance).toBeCloseTo(after, 0);
  });
});

describe("the allowance of a path whose receiver reports when packets came", () => {
  const given = { queueMs: 0, received: 1e6, lost: 0 };
  test.each([
    ["grows fast where nothing is known against it", { allowance: 1e6 }, given, 1e6, { allowance: 1_050_000 }],
    ["grows a little while little is sent", { allowance: 1e6 }, given, 0.5e6, { allowance: 1_016_000 }],
    ["grows slowly near the rate at which it was full", { allowance: 1e6, full: 1.1e6 }, given, 1e6, { allowance: 1_012_000, full: 1.1e6 }],
    ["grows fast far below that rate", { allowance: 0.5e6, full: 1.1e6 }, given, 0.5e6, { allowance: 525_000, full: 1.1e6 }],
    ["grows fast once it is above that rate", { allowance: 1.27e6, full: 1.1e6 }, given, 1.27e6, { allowance: 1_333_500 }],
    ["grows less the more is lost by chance", { allowance: 1e6 }, { ...given, lost: 0.05 }, 1e6, { allowance: 1_025_000 }],
    ["goes down by loss that is high", { allowance: 1e6 }, { ...given, lost: 0.4 }, 1e6, { allowance: 800_000, isWaiting: false }],
    ["stays when packets wait in one step", { allowance: 1e6 }, { ...given, queueMs: 50 }, 1e6, { allowance: 1e6, isWaiting: true }],
    [
      "goes below what arrives when they wait in the next as well",
      { allowance: 1e6, isWaiting: true },
      { ...given, queueMs: 50, received: 0.9e6 },
      1e6,
      { allowance: 765_000, full: 0.9e6, isWaiting: true },
    ],
    [
      "goes far below what arrives at once when they wait long, so that the queue drains",
      { allowance: 2e6 },
      { ...given, queueMs: 150, received: 1e6 },
      2e6,
      { allowance: 600_000, full: 1e6, isWaiting: true },
    ],
    [
      "never goes below the least",
      { allowance: 2e5 },
      { ...given, queueMs: 150, received: 0 },
      2e5,
      { allowance: bounds.least, full: 0, isWaiting: true },
    ],
  ] as const)("%s", (_, before, delivered, sent, after) => {
    const next = nextAllowance(before, most, { estimate: undefined, lost: 0, sent, delivered });
    expect({ ...next, allowance: Math.round(next.allowance) }).toEqual(after);
  });
});

describe("the cameras of a path", () => {
  test.each([
    ["one has all", 1e6, [most], [1e6]],
    ["the first has what it needs before the others", 4e6, [most, most], [most, 1.5e6]],
    ["the others keep their least while the first has twice as much", 500_000, [most, most], [350_000, 150_000]],
    ["the others are paused where the path bears the first alone", 400_000, [most, most], [300_000, 0]],
    ["three share", 1.2e6, [most, most, most], [900_000, 150_000, 150_000]],
    ["the first is never paused", 10_000, [most, most], [150_000, 0]],
    ["nobody watches", 1e6, [], []],
  ] as const)("%s", (_, allowance, mosts, given) => {
    expect(
      divide(
        allowance,
        mosts.map((one) => ({ most: one })),
      ),
    ).toEqual(given);
  });
});
