import { limits } from "@tether/protocol/limits";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Event, type Happening, initial, next, permitOf, type State } from "../../../src/control/drive/holding.ts";

const { leaseMs, renewMs } = limits.control;
const issued = { type: "permitIssued", epoch: 1, permit: "g1", leftMs: leaseMs } as const;

function after(from: State, ...happenings: (Happening & { at?: number })[]): State {
  return happenings.reduce<State>((state, happening) => next(state, { at: 0, ...happening }), from);
}

const holding = after(initial, issued);

describe("holding control", () => {
  test("is renewed a minute before its end if it was used, else with the first command after that [R12]", () => {
    const at = leaseMs - renewMs;
    const due = { type: "due", attempt: holding.attempt, at } as const;
    expect(after(holding, due)).toBe(holding);
    expect(after(holding, { type: "commanded" }, { ...due, at: at - 1 })).toMatchObject({ state: "holding" });
    expect(after(holding, { type: "commanded" }, due)).toMatchObject({ state: "renewing", epoch: 1 });
    expect(after(holding, due, { type: "commanded", at })).toMatchObject({ state: "renewing", epoch: 1 });
  });

  test("keeps the permit at hand while a fresh one is asked for, and asks again until there is an answer [R12]", () => {
    const renewing = after(holding, { type: "permitWanted", at: 10_000 });
    expect(permitOf(renewing)).toMatchObject({ epoch: 1, permit: "g1" });
    expect(after(renewing, { type: "permitWanted", at: 10_001 })).toBe(renewing);
    for (const again of [{ type: "due", attempt: renewing.attempt } as const, { type: "welcomed" } as const])
      expect(after(renewing, again)).toMatchObject({ state: "renewing", attempt: renewing.attempt + 1 });
    expect(after(renewing, { type: "renewalRefused", attempt: renewing.attempt, at: 10_000 })).toMatchObject({
      state: "holding",
      permit: "g1",
      used: false,
    });
  });

  test("is not renewed more than once in 4 s, whatever the robot asks [R11.3]", () => {
    const waiting = after(holding, { type: "permitWanted", at: 100 });
    expect(waiting).toMatchObject({ state: "holding", renewAt: 4_000, used: true });
    expect(after(waiting, { type: "due", attempt: waiting.attempt, at: 4_000 })).toMatchObject({ state: "renewing" });
  });

  test("that the broker names is waited for if a permit may be on the way, and asked for at once if not [R14]", () => {
    expect(after(initial, { type: "holderNamed", epoch: 2, fresh: false })).toMatchObject({
      state: "renewing",
      epoch: 2,
      before: undefined,
    });
    const awaiting = after(initial, { type: "holderNamed", epoch: 2, fresh: true });
    expect(awaiting).toMatchObject({ state: "awaiting", until: 2_000 });
    expect(after(awaiting, { ...issued, epoch: 2 })).toMatchObject({ state: "holding" });
    expect(after(awaiting, { type: "due", attempt: awaiting.attempt, at: 2_000 })).toMatchObject({ state: "renewing", epoch: 2 });
    expect(after(holding, { type: "holderNamed", epoch: 2, fresh: true })).toMatchObject({ state: "awaiting", epoch: 2 });
  });

  const epoch = fc.integer({ min: 1, max: 6 });
  const attempt = fc.nat(8);
  const happening: fc.Arbitrary<Happening> = fc.oneof(
    fc.record({ type: fc.constant("permitIssued" as const), epoch, permit: fc.constant("g"), leftMs: fc.nat(leaseMs) }),
    fc.record({ type: fc.constant("holderNamed" as const), epoch, fresh: fc.boolean() }),
    fc.record({ type: fc.constant("controlLost" as const), epoch }),
    fc.constantFrom<Happening>({ type: "permitWanted" }, { type: "commanded" }, { type: "welcomed" }),
    fc.record({ type: fc.constantFrom("due" as const, "renewalRefused" as const), attempt }),
  );

  test("never goes back to an older epoch, and is over at once when the broker says so [R11]", () => {
    const property = fc.property(fc.array(fc.tuple(happening, fc.nat(leaseMs)), { maxLength: 40 }), (events) => {
      let state: State = initial;
      for (const [what, at] of events) {
        const event: Event = { ...what, at };
        const then = next(state, event);
        if ("epoch" in state && "epoch" in then) expect(then.epoch).toBeGreaterThanOrEqual(state.epoch);
        if ("epoch" in state && event.type === "controlLost" && event.epoch >= state.epoch) expect(then.state).toBe("without");
        if (then !== state && then.state !== "holding") expect(then.attempt).toBeGreaterThan(state.attempt);
        state = then;
      }
    });
    fc.assert(property, { numRuns: 2_000 });
  });
});
