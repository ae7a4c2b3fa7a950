import type { InstanceId, KeyId, RobotId, RobotSessionId } from "@tether/protocol/id";
import { limits } from "@tether/protocol/limits";
import fc from "fast-check";
import type { Session } from "../../../src/live/session.ts";
import type { Event } from "../../../src/machine/session/event.ts";
import type { Ending } from "../../../src/store/ending.ts";

export const robotId = "rob_01JD00000000000000000000A0" as RobotId;
const sessionId = "rse_01JD00000000000000000000B0" as RobotSessionId;
export const principal = { type: "robot", kid: "k".repeat(43) as KeyId } as const;
export const start = 1_764_000_000_000;

/** A session as the first redeemed ticket begins it. */
export function begun(connectionId = "c1"): Session {
  const authExpiresAt = start + limits.auth.leaseMs;
  const connection = { id: connectionId, since: start };
  const lapsesAt = start + limits.session.openingMs;
  return {
    robotId,
    sessionId,
    kind: "robot",
    state: "opening",
    version: 1,
    epoch: 0,
    ticketEpoch: 1,
    renewals: 0,
    warned: 0,
    verifiedAt: start,
    principal,
    authExpiresAt,
    graceMs: limits.session.robotGraceMs,
    startedAt: start,
    since: start,
    dueAt: lapsesAt,
    pending: { epoch: 1, connection, principal, authExpiresAt, lapsesAt },
  };
}

export const lost: Ending = { cause: "connection.lost", actor: { type: "gateway" }, inferred: true };

const connectionId = fc.constantFrom("c1", "c2", "c3", "c4");

/** An event some time after the one before; epochs are given by the driver, since only the store hands them out. */
export const anyStep = fc.record({
  wait: fc.integer({ min: 0, max: 20 * 60_000 }),
  event: fc.oneof(
    connectionId.map((id) => ({ type: "redeemed", id }) as const),
    fc
      .tuple(connectionId, fc.constantFrom("ins_aaaaaaaa", "ins_bbbbbbbb"))
      .map(([id, instance]) => ({ type: "greeted", id, instance }) as const),
    connectionId.map((id) => ({ type: "disconnected", id }) as const),
    fc
      .constantFrom(...(["lapsed", "graceOver", "renewed", "expired", "ended", "warned", "restricted", "withdrawn"] as const))
      .map((type) => ({ type, id: "" }) as const),
  ),
});

export type Step = typeof anyStep extends fc.Arbitrary<infer S> ? S : never;

export function eventOf({ event }: Step, session: Session, at: number): Event {
  const proof = { principal, authExpiresAt: at + limits.auth.leaseMs };
  switch (event.type) {
    case "redeemed":
      return { type: "redeemed", at, ...proof, epoch: session.ticketEpoch + 1, connection: { id: event.id, since: at } };
    case "greeted":
      return { type: "greeted", at, connectionId: event.id, instance: event.instance as InstanceId, monitors: true };
    case "disconnected":
      return { type: "disconnected", at, connectionId: event.id, ending: lost };
    case "renewed":
      return { type: "renewed", at, ...proof, renewals: session.renewals + 1 };
    case "withdrawn":
      return { type: "withdrawn", at, connectionId: session.pending?.connection.id ?? "c1", ending: { ...lost, cause: "grant.removed" } };
    case "ended":
      return { type: "ended", at, ending: { cause: "admin.ended", actor: { type: "user", id: "u" }, inferred: false } };
    default:
      return { type: event.type, at };
  }
}
