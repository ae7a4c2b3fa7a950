import type { Presence } from "@tether/protocol/http";
import type { RobotId } from "@tether/protocol/id";
import type { Clock } from "../clock.ts";
import { type Lease, leaseOf, overAt } from "../live/control-lease.ts";
import { describeEnding } from "../live/ending.ts";
import { fromItem, robotSlot } from "../live/read.ts";
import type { Session } from "../live/session.ts";
import type { Ending } from "../store/ending.ts";
import type { Store } from "../store/index.ts";

/**
 * Reads the presence of a page of robots in three requests: their sessions, who drives, and why those that have no session have none.
 * The reads may be stale, since a page asks again in a moment. A10
 */
export async function presences(env: { store: Store; clock: Clock }, ids: readonly string[]): Promise<ReadonlyMap<string, Presence>> {
  const { session, controlLease, lastSession } = env.store.entities;
  const [sessions, leases] = await Promise.all([
    session.get(ids.map((robotId) => ({ robotId, slot: robotSlot }))).go(),
    controlLease.get(ids.map((robotId) => ({ robotId }))).go(),
  ]);
  const live = new Map(sessions.data.map((item) => [item.robotId, fromItem(item)]));
  const gone = ids.filter((robotId) => !live.has(robotId)).map((robotId) => ({ robotId }));
  const { data: endings } = await lastSession.get(gone).go();
  const ended = new Map(endings.map((last) => [last.robotId, last]));
  const control = new Map(leases.data.map((item) => [item.robotId, item]));
  return new Map(
    ids.map((robotId) => {
      const current = live.get(robotId);
      const driver = driverOf(leaseOf(robotId as RobotId, control.get(robotId)), env.clock.now());
      return [robotId, { ...(current ? ofLive(current) : ofGone(ended.get(robotId))), ...(driver && { driver }) }];
    }),
  );
}

function ofLive(session: Session): Presence {
  const { state, since } = session;
  if (state === "away") return { state, since, backBy: session.backBy, ending: describeEnding(session.ending, "robot") };
  return state === "ended" ? ofGone({ endedAt: since, ending: session.ending }) : { state, since };
}

function ofGone(last: { endedAt: number; ending: Ending } | undefined): Presence {
  return { state: "offline", ...(last && { since: last.endedAt, ending: describeEnding(last.ending, "robot") }) };
}

function driverOf(lease: Lease, now: number): Presence["driver"] {
  if (lease.state === "free" || overAt(lease) <= now) return undefined;
  const { user, since } = lease.holder;
  return { ...user, since, ...(lease.state === "kept" && { keptUntil: lease.keptUntil }) };
}
