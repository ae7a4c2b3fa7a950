import type { ClientSessionId } from "@tether/protocol/id";
import { limits } from "@tether/protocol/limits";
import { expect } from "vitest";
import type { State } from "../../../src/control/guard/state.ts";
import { deadmanMs, maxAgeMs, tickMs } from "./schedule.ts";

type Executed = {
  readonly epoch: number;
  readonly seq: number;
  readonly session: ClientSessionId;
  readonly trueAgeMs: number;
  /** By the robot's clock. */
  readonly at: number;
  /** How control truly stands. */
  readonly truth: { readonly epoch: number; readonly holders: ReadonlyMap<number, ClientSessionId> };
  readonly state: State;
};

/** What must be true of all that a robot does, known from outside of its guard. */
export function createJudge() {
  const drivers = new Map<number, { readonly session: ClientSessionId; seq: number }>();
  let epoch = 0;
  /** Stops begun and not carried out yet. */
  let underWay = 0;
  let stoppedSince = true;
  let moving: number | undefined;
  let orders = 0;
  let latched = false;
  let commands = 0;
  let stops = 0;

  return {
    command(executed: Executed) {
      const { session, seq, at, state } = executed;
      commands += 1;
      const { known } = state;
      expect(underWay, "nothing is executed while a stop is not carried out").toBe(0);
      expect(latched, "nothing is executed after an order before its holder resumed").toBe(false);
      expect(executed.epoch, "no command of an old epoch").toBeGreaterThanOrEqual(Math.max(epoch, known.broker.epoch));
      if (executed.epoch > epoch) expect(stoppedSince, "a change of epoch stops first").toBe(true);
      const driver = drivers.get(executed.epoch);
      expect(driver?.session ?? session, "one holder an epoch").toBe(session);
      expect(executed.truth.holders.get(executed.epoch), "the holder that the broker named").toBe(session);
      expect(seq, "no command twice or after a later one").toBeGreaterThan(driver?.seq ?? 0);
      if (moving !== undefined) expect(at - moving, "no command after the dead-man's time").toBeLessThan(deadmanMs);
      expect(executed.trueAgeMs, "no stale command").toBeLessThanOrEqual(maxAgeMs + 100 + tickMs + 20);
      if (executed.epoch < executed.truth.epoch && !known.broker.online)
        expect(at - known.broker.awayAt < limits.control.trustMs || isFresh(executed), "no replaced holder once trust is over").toBe(true);
      drivers.set(executed.epoch, { session, seq });
      epoch = executed.epoch;
      stoppedSince = false;
      moving = at;
    },
    stopping(at: number) {
      stops += 1;
      underWay += 1;
      if (moving !== undefined) expect(at - moving, "stopped in time").toBeLessThanOrEqual(deadmanMs + tickMs + 1);
      moving = undefined;
    },
    carried() {
      underWay -= 1;
      stoppedSince = true;
    },
    ordered() {
      orders += 1;
      latched = true;
    },
    resumed(stop: number) {
      if (stop === orders) latched = false;
    },
    seen(state: State, at: number) {
      if (moving !== undefined) expect(at - moving, "stopped in time").toBeLessThanOrEqual(deadmanMs + tickMs + 1);
      if (state.state === "driving") expect(state.known.broker.epoch, "a change of epoch stops at once").toBeLessThanOrEqual(epoch);
      else expect(moving, "it moves only while it is driven").toBeUndefined();
    },
    count: () => ({ commands, stops }),
  };
}

function isFresh({ state, at }: Executed): boolean {
  if (state.state !== "driving") return false;
  const { holder, known } = state;
  return at + known.broker.aheadMs - holder.issuedAt < limits.control.trustMs;
}
