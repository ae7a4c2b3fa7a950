import { limits } from "@tether/protocol/limits";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Event, grantOf, type Happening, initial, next, type State } from "../../../src/control/drive/holding.ts";

const { leaseMs, renewMs } = limits.control;
const granted = { type: "granted", epoch: 1, grant: "g1", leftMs: leaseMs } as const;

function after(from: State, ...happenings: (Happening & { at?: number })[]): State {
  return happenings.reduce<State>((state, happening) => next(state, { at: 0, ...happening }), from);
}

const holding = after(initial, granted);

describe("holding control", () => {
  test("is renewed a minute before its end if it was used, else with the first command after that [R12]", () => {
    const at = leaseMs - renewMs;
    const due = { type: "due", turn: holding.turn, at } as const;
    expect(after(holding, due)).toBe(holding);
    expect(after(holding, { type: "used" }, { ...due, at: at - 1 })).toMatchObject({ state: "holding" });
    expect(after(holding, { type: "used" }, due)).toMatchObject({ state: "renewing", epoch: 1 });
    expect(after(holding, due, { type: "used", at })).toMatchObject({ state: "renewing", epoch: 1 });
  });

  test("keeps the grant at hand while a fresh one is asked for, and asks again until there is an answer [R12]", () => {
    const renewing = after(holding, { type: "asked", at: 10_000 });
    expect(grantOf(renewing)).toMatchObject({ epoch: 1, grant: "g1" });
    expect(after(renewing, { type: "asked", at: 10_001 })).toBe(renewing);
    for (const again of [{ type: "due", turn: renewing.turn } as const, { type: "welcomed" } as const])
      expect(after(renewing, again)).toMatchObject({ state: "renewing", turn: renewing.turn + 1 });
    expect(after(renewing, { type: "rejected", turn: renewing.turn, at: 10_000 })).toMatchObject({
      state: "holding",
      grant: "g1",
      used: false,
    });
  });

  test("is not renewed more than once in 4 s, whatever the robot asks [R11]", () => {
    const waiting = after(holding, { type: "asked", at: 100 });
    expect(waiting).toMatchObject({ state: "holding", renewAt: 4_000, used: true });
    expect(after(waiting, { type: "due", turn: waiting.turn, at: 4_000 })).toMatchObject({ state: "renewing" });
  });

  test("that the broker names is waited for if a grant may be on the way, and asked for at once if not [R14]", () => {
    expect(after(initial, { type: "named", epoch: 2, fresh: false })).toMatchObject({ state: "renewing", epoch: 2, before: undefined });
    const awaiting = after(initial, { type: "named", epoch: 2, fresh: true });
    expect(awaiting).toMatchObject({ state: "awaiting", until: 2_000 });
    expect(after(awaiting, { ...granted, epoch: 2 })).toMatchObject({ state: "holding" });
    expect(after(awaiting, { type: "due", turn: awaiting.turn, at: 2_000 })).toMatchObject({ state: "renewing", epoch: 2 });
    expect(after(holding, { type: "named", epoch: 2, fresh: true })).toMatchObject({ state: "awaiting", epoch: 2 });
  });

  const epoch = fc.integer({ min: 1, max: 6 });
  const turn = fc.nat(8);
  const happening: fc.Arbitrary<Happening> = fc.oneof(
    fc.record({ type: fc.constant("granted" as const), epoch, grant: fc.constant("g"), leftMs: fc.nat(leaseMs) }),
    fc.record({ type: fc.constant("named" as const), epoch, fresh: fc.boolean() }),
    fc.record({ type: fc.constant("lost" as const), epoch }),
    fc.constantFrom<Happening>({ type: "asked" }, { type: "used" }, { type: "welcomed" }),
    fc.record({ type: fc.constantFrom("due" as const, "rejected" as const), turn }),
  );

  test("never goes back to an older epoch, and is over at once when the broker says so [R11]", () => {
    const property = fc.property(fc.array(fc.tuple(happening, fc.nat(leaseMs)), { maxLength: 40 }), (events) => {
      let state: State = initial;
      for (const [what, at] of events) {
        const event: Event = { ...what, at };
        const then = next(state, event);
        if ("epoch" in state && "epoch" in then) expect(then.epoch).toBeGreaterThanOrEqual(state.epoch);
        if ("epoch" in state && event.type === "lost" && event.epoch >= state.epoch) expect(then.state).toBe("without");
        if (then !== state && then.state !== "holding") expect(then.turn).toBeGreaterThan(state.turn);
        state = then;
      }
    });
    fc.assert(property, { numRuns: 2_000 });
  });
});
