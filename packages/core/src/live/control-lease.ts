import { type Control, type ControlPolicy, defaultPolicy } from "@tether/protocol/control";
import type { RobotId } from "@tether/protocol/id";
import { limits } from "@tether/protocol/limits";
import type { Asked, Holder } from "../store/holder.ts";
import type { UndeliveredNotice } from "../store/undelivered-notice.ts";

type Base = {
  readonly robotId: RobotId;
  /** Grows with every write; the condition of every transition. */
  readonly version: number;
  /** Grows with every change of holder, also to nobody. It fences. */
  readonly epoch: number;
  /** The robot's setting as it stands on the robot, kept here to be read with the sessions. */
  readonly policy?: ControlPolicy | undefined;
  /** The newest change that the robot may not know of; the sweeper tells it again. */
  readonly undelivered?: UndeliveredNotice | undefined;
};

type Driven = Base & { readonly holder: Holder; readonly expiresAt: number; readonly asked: readonly Asked[] };

export type Free = Base & { readonly state: "free" };
export type Held = Driven & { readonly state: "held" };
/** Held by someone whose connection is gone. */
export type Kept = Driven & { readonly state: "kept"; readonly keptUntil: number };

/** A robot's control lease: one item beside its sessions, which is never deleted, so that epochs only grow. */
export type Lease = Free | Held | Kept;

/** The lease as it was read. Items are written by this package alone; where there is none nobody ever drove. */
export function leaseOf(robotId: RobotId, item: object | null | undefined): Lease {
  return { state: "free", version: 0, epoch: 0, robotId, ...item } as Lease;
}

export function policyOf({ policy }: Lease): ControlPolicy {
  // A policy that was written before a setting existed lacks it.
  return { ...defaultPolicy, ...policy };
}

/** From when on it is free, whatever is stored. */
export function overAt(lease: Held | Kept): number {
  return lease.state === "kept" ? Math.min(lease.keptUntil, lease.expiresAt) : lease.expiresAt;
}

/** The requests for control that stand. One whose outcome nobody came for is over, so that its sender's next one is put to the holder. D9.1 */
export function requestsAt(lease: Held | Kept, at: number): readonly Asked[] {
  return lease.asked.filter(({ answerBy }) => at < answerBy + limits.control.answerMs);
}

/** When the sweeper must look at it; a lease that is free and told needs nobody to. */
export function dueAtOf(lease: Lease): number | undefined {
  const over = lease.state === "free" ? [] : [overAt(lease)];
  const at = lease.undelivered ? [...over, lease.undelivered.at] : over;
  return at.length === 0 ? undefined : Math.min(...at);
}

export function isHeldBy(lease: Lease, { sessionId }: { sessionId: string }): lease is Held | Kept {
  return lease.state !== "free" && lease.holder.sessionId === sessionId;
}

/** The lease as ends are told of it. */
export function controlOf(lease: Lease): Control {
  const { version, epoch } = lease;
  if (lease.state === "free") return { version, epoch };
  const { sessionId, user } = lease.holder;
  const kept = lease.state === "kept" && { keptUntil: lease.keptUntil };
  return { version, epoch, holder: { session: sessionId, user, expiresAt: lease.expiresAt, ...kept } };
}
