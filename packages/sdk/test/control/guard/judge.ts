import type { ControlPermit } from "@tether/protocol/control";
import type { ClientSessionId } from "@tether/protocol/id";
import { limits } from "@tether/protocol/limits";
import { blindMs, deadmanMs, maxAgeMs, skew, stopMs, tickMs } from "./bounds.ts";

const { trustMs, pressMs } = limits.control;

/** Millions are judged in one run: vitest's own would take longer than all else. */
function must(holds: boolean, what: string, ...facts: readonly unknown[]): void {
  if (!holds) throw new Error(`Broken: ${what}. ${JSON.stringify(facts)}`);
}

/** Instants are true time in ms, which is the broker's, unless said otherwise. */
type Executed = {
  readonly epoch: number;
  readonly seq: number;
  readonly session: ClientSessionId;
  readonly trueAgeMs: number;
  readonly trueBlindMs: number;
  readonly limit: number;
  readonly now: number;
  /** By the robot's clock. */
  readonly at: number;
};

/**
 * Checks all that a robot does against the rules. It knows what reached the robot and what the robot did, and nothing of what its guard
 * makes of it.
 */
export function createJudge() {
  /** The sessions that the broker ever signed an epoch for, and the permits of it that were shown. */
  const signed = new Map<number, Set<ClientSessionId>>();
  const shown = new Map<number, { issuedAt: number; expiresAt: number }>();
  const accepted = new Map<number, ClientSessionId>();
  /** The session that the broker's notices named for an epoch, and the epochs for which they named two. */
  const named = new Map<number, ClientSessionId | undefined>();
  const contested = new Set<number>();
  const drivers = new Map<number, { readonly session: ClientSessionId; seq: number }>();
  const broker = { epoch: 0, online: false, awayAt: Number.NEGATIVE_INFINITY, heardAt: 0 };
  let epoch = 0;
  /** Stops begun and not carried out yet. */
  let underWay = 0;
  let stoppedSince = true;
  let moving: number | undefined;
  const presses = new Map<string, { readonly at: number; readonly ways: Set<string>; readonly isOnce: boolean }>();
  let orders = 0;
  let latched = false;
  let mustStop = false;
  let left = false;
  let commands = 0;
  let stops = 0;

  /** How far the robot may be wrong about the broker's clock. */
  const slackMs = (now: number) => skew.welcomeMs + tickMs + 2 * skew.drift * (now - broker.heardAt);

  function isVouched({ epoch: of, now }: Executed): boolean {
    const isNamed = broker.epoch === of;
    if (isNamed && broker.online) return true;
    const trustedUntil = Math.max(shown.get(of)?.issuedAt ?? 0, isNamed ? broker.awayAt : 0) + trustMs;
    return now < trustedUntil + slackMs(now);
  }

  return {
    signed({ epoch: of, session }: ControlPermit) {
      signed.set(of, (signed.get(of) ?? new Set()).add(session));
    },
    shown({ epoch: of, issuedAt, expiresAt }: ControlPermit) {
      const before = shown.get(of) ?? { issuedAt: 0, expiresAt: 0 };
      shown.set(of, { issuedAt: Math.max(issuedAt, before.issuedAt), expiresAt: Math.max(expiresAt, before.expiresAt) });
    },
    accepted(of: number, session: ClientSessionId) {
      must((accepted.get(of) ?? session) === session, "nobody else is accepted in an epoch", of, session);
      must(of >= Math.max(epoch, broker.epoch), "no old epoch is accepted", of, epoch, broker);
      must(underWay === 0, "nobody is accepted while a stop is not carried out");
      accepted.set(of, session);
      epoch = of;
    },
    told(of: number, session: ClientSessionId | undefined) {
      const before = named.has(of) ? named.get(of) : (accepted.get(of) ?? session);
      if (before !== session) contested.add(of);
      named.set(of, session);
      broker.epoch = Math.max(broker.epoch, of);
    },
    /** By a welcome that names nobody. */
    toldNothing() {
      broker.epoch = 0;
    },
    welcomed(now: number) {
      broker.online = true;
      broker.heardAt = now;
    },
    lost(now: number) {
      if (broker.online) broker.awayAt = now;
      broker.online = false;
    },
    command(executed: Executed) {
      const { session, seq, at, now } = executed;
      commands += 1;
      must(!left, "nothing is executed once the robot left");
      must(underWay === 0, "nothing is executed while a stop is not carried out");
      must(!latched, "nothing is executed after an order before its holder resumed");
      must(executed.epoch >= Math.max(epoch, broker.epoch), "no command of an old epoch", executed, epoch, broker);
      const driver = drivers.get(executed.epoch);
      must(stoppedSince || driver !== undefined, "a change of epoch stops first", executed);
      must((driver?.session ?? session) === session, "one holder an epoch", executed, driver);
      must(signed.get(executed.epoch)?.has(session) === true, "one whom the broker gave control", executed);
      must(!contested.has(executed.epoch), "nobody drives in an epoch that the broker gave away twice", executed);
      must(seq > (driver?.seq ?? 0), "no command twice, after a later one, or from before a stop", executed, driver);
      must(moving === undefined || at - moving < deadmanMs, "no command after the dead-man's time", executed, moving);
      must(executed.trueAgeMs <= maxAgeMs + skew.halfTripMs + skew.aheadMs + tickMs, "no stale command", executed);
      must(executed.trueBlindMs <= stopMs + 1, "none of an operator that is blind", executed);
      must(Math.abs(executed.limit - Math.min(1, blindMs / executed.trueBlindMs)) < 0.01, "limited as its operator is blind", executed);
      must(isVouched(executed), "the broker vouches for it, or did so lately", executed, broker);
      must(now < (shown.get(executed.epoch)?.expiresAt ?? 0) + slackMs(now), "none by a permit that is over", executed);
      drivers.set(executed.epoch, { session, seq });
      stoppedSince = false;
      moving = at;
    },
    /** Answers how long ago the last command was obeyed, if the robot moved. */
    stopping(at: number): number | undefined {
      stops += 1;
      underWay += 1;
      const lastedMs = moving === undefined ? undefined : at - moving;
      must(moving === undefined || at - moving <= deadmanMs + tickMs + 1, "stopped in time", at, moving);
      moving = undefined;
      return lastedMs;
    },
    carried() {
      underWay -= 1;
      stoppedSince = true;
    },
    ordered(press: string | undefined, way: string, at: number, isOnce: boolean) {
      const before = press === undefined ? undefined : presses.get(press);
      const isKnown = before !== undefined && !before.ways.has(way) && at - before.at <= pressMs;
      before?.ways.add(way);
      if (isKnown) return;
      if (press !== undefined) presses.set(press, { at, ways: new Set([way]), isOnce });
      orders += 1;
      latched = true;
      mustStop = true;
    },
    resumed(by: ClientSessionId, of: number, stop: number, seq: number) {
      if (stop !== orders || accepted.get(of) !== by || underWay > 0) return;
      if (latched) drivers.set(of, { session: by, seq: Math.max(seq, drivers.get(of)?.seq ?? 0) });
      latched = false;
    },
    left() {
      left = true;
    },
    /** After each thing that happens to the robot. */
    seen(isDriving: boolean, stop: number | undefined, at: number) {
      must(moving === undefined || at - moving <= deadmanMs + tickMs + 1, "stopped in time", at, moving);
      must(moving === undefined || broker.epoch <= epoch, "a change of epoch stops at once", broker, epoch);
      must(moving === undefined || !(latched || left), "an order stops at once");
      must(isDriving === (moving !== undefined), "it moves while it is driven, and only then", moving);
      must(left || !mustStop || underWay > 0, "an order is carried out, also by a robot that is thought to stand");
      mustStop = false;
      // A resume ends the time in which a press may come by another way, unless its name is its own.
      if (stop === undefined) for (const [name, { isOnce }] of presses) if (!isOnce) presses.delete(name);
      must(left || stop === undefined || stop === orders, "orders are numbered, each press once", stop, orders);
    },
    count: () => ({ commands, stops }),
  };
}

export type Judge = ReturnType<typeof createJudge>;
