import { limits } from "@tether/protocol/limits";
import { describe, expect, test } from "vitest";
import { type Event, type Happening, next, rest, type State } from "../../src/lease/machine.ts";
import { problemReason } from "../../src/problem-reason.ts";

const held = { attemptId: 7, failures: 2, expiresAt: 1_000_000, fresh: false };
const states: Readonly<Record<State["state"], State>> = {
  resting: { state: "resting", ...held, until: 500_000 },
  asking: { state: "asking", ...held },
  proving: { state: "proving", ...held, ticket: "t", leaseEndsAt: 1_000_000 },
  denied: { state: "denied", ...held },
};
const refusal = (retry: "never" | "backoff") => ({ reason: problemReason("access.denied"), retry, afterMs: 3_000 });
const at = 400_000;
const stamp = (happening: Happening, when = at): Event => ({ ...happening, at: when, draw: 0.5 });

const happenings = {
  due: { type: "due", attemptId: 7 },
  ticketed: { type: "ticketed", attemptId: 7, ticket: "new", leaseEndsAt: 1_000_000 },
  "refused for now": { type: "refused", attemptId: 7, refusal: refusal("backoff") },
  "refused for good": { type: "refused", attemptId: 7, refusal: refusal("never") },
  renewed: { type: "renewed", expiresAt: 2_000_000 },
  rejected: { type: "rejected", attemptId: 7 },
  unmoved: { type: "unmoved", attemptId: 7 },
  overdue: { type: "overdue", attemptId: 7 },
  warned: { type: "warned" },
  woken: { type: "woken" },
} satisfies Readonly<Record<string, Happening>>;

const asking = { ...held, state: "asking", attemptId: 8 };
/** Half of the bound after two failures, 2,000 ms. */
const again = { ...held, state: "resting", attemptId: 8, failures: 3, until: at + 1_000 };
const renewed = {
  state: "resting",
  attemptId: 8,
  failures: 0,
  fresh: false,
  expiresAt: 2_000_000,
  until: at + 1_600_000 * limits.auth.renewAt,
};

/** The handler of each event in each state; an event that is not there changes nothing. */
const answers: Readonly<Record<State["state"], Partial<Record<keyof typeof happenings, object>>>> = {
  resting: { due: asking, renewed, warned: asking },
  asking: {
    ticketed: { ...held, state: "proving", ticket: "new", leaseEndsAt: 1_000_000 },
    "refused for now": { ...again, until: at + 4_000 },
    "refused for good": { ...held, state: "denied" },
    renewed,
    overdue: again,
  },
  proving: { renewed, rejected: again, unmoved: { ...asking, fresh: true }, overdue: again },
  denied: { renewed, warned: asking, woken: asking },
};

const pairs = Object.values(states).flatMap((state) =>
  Object.entries(happenings).map(([name, happening]) => [state.state, name as keyof typeof happenings, state, happening] as const),
);

test.each(pairs)("a lease that is %s answers: %s", (state, name, before, happening) => {
  const after = next(before, stamp(happening));
  const expected = answers[state][name];
  if (expected === undefined) expect(after).toBe(before);
  else expect(after).toEqual(expected);
});

test.each(
  pairs.flatMap(([state, name, before, happening]) => ("attemptId" in happening ? [[state, name, before, happening] as const] : [])),
)("a lease that is %s is left as it is by what an earlier attempt brings: %s", (_, _name, before, happening) => {
  expect(next(before, stamp({ ...happening, attemptId: 6 }))).toBe(before);
});

describe("a lease whose renewal moved nothing, though the token was fresh,", () => {
  const proving: State = { ...states.proving, state: "proving", ticket: "t", leaseEndsAt: 1_000_000, fresh: true };
  const unmoved: Happening = { type: "unmoved", attemptId: 7 };

  test("rests until the time of what is left of it, as one just granted, and wants a fresh token then [L3.3]", () => {
    const until = at + 600_000 * limits.auth.renewAt;
    expect(next(proving, stamp(unmoved))).toEqual({ ...held, state: "resting", attemptId: 8, failures: 0, fresh: true, until });
  });

  test("and that is over is asked for again after a random wait, for as long as it can be renewed [E2]", () => {
    expect(next(proving, stamp(unmoved, 1_000_000))).toEqual({ ...again, fresh: true, until: 1_001_000 });
  });

  test("and that ends later than this end knew rests until the time of what is left of it", () => {
    const after = next({ ...proving, leaseEndsAt: 3_000_000 }, stamp(unmoved, 1_000_000));
    const until = 1_000_000 + 2_000_000 * limits.auth.renewAt;
    expect(after).toEqual({ ...held, state: "resting", attemptId: 8, failures: 0, fresh: true, expiresAt: 3_000_000, until });
  });

  test("is what this end knew where its ticket would have ended it in the past", () => {
    expect(next({ ...proving, leaseEndsAt: at }, stamp(unmoved))).toMatchObject({ state: "resting", expiresAt: 1_000_000 });
  });

  test("wants no fresh token any more once it was renewed", () => {
    expect(next(proving, stamp({ type: "renewed", expiresAt: 2_000_000 }))).toMatchObject({ state: "resting", fresh: false });
  });
});

describe("a resting lease", () => {
  const { resting } = states;

  test.each([
    [530_000, "resting"],
    [529_999, "asking"],
  ])("that is warned of its end at %i is %s: it must be renewed half a minute before", (expiresAt, state) => {
    expect(next(resting, stamp({ type: "warned", expiresAt })).state).toBe(state);
  });

  test.each([
    [499_999, "resting"],
    [500_000, "asking"],
  ])("woken at %i is %s", (when, state) => {
    expect(next(resting, stamp({ type: "woken" }, when)).state).toBe(state);
  });

  test.each([
    [40_000, 30_000],
    [100_000, 75_000],
  ])("of %i ms is renewed after %i, and never sooner than half a minute", (ms, wait) => {
    expect(rest({ attemptId: 0, at, draw: 0.5, expiresAt: at + ms })).toMatchObject({ attemptId: 1, failures: 0, until: at + wait });
  });
});
