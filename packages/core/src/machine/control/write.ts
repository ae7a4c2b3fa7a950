import type { ControlChanged } from "@tether/protocol/frame/control";
import { limits } from "@tether/protocol/limits";
import type { Clock } from "../../clock.ts";
import type { Ids } from "../../id.ts";
import { controlOf, dueAtOf, type Lease, leaseOf } from "../../live/control-lease.ts";
import type { Store } from "../../store/index.ts";
import { failure } from "../../store/patience.ts";
import { shardOf } from "../../store/session.ts";
import { type Entities, type Parts, transact } from "../../store/transact.ts";
import type { UndeliveredNotice } from "../../store/undelivered-notice.ts";
import { toItem } from "../../timeline/event.ts";
import type { Change, Event } from "./event.ts";
import { next } from "./machine.ts";

type Env = { store: Store; ids: Ids };

export type Changed = {
  readonly outcome: "changed";
  readonly before: Lease;
  readonly lease: Lease;
  readonly frame: ControlChanged | undefined;
  /** Whether this change recorded on the lease that the robot is to be told. */
  readonly isRecorded: boolean;
};

type Lost = "session" | "right";

/** The conditions that a change stands on: `session`, and those of the right. */
type Stands = (entities: Entities) => Parts & { readonly session?: object };

export type Applied =
  | Changed
  /** Nothing to do: the lease is not what the event is about. */
  | { readonly outcome: "ignored"; readonly lease: Lease }
  /** A condition of the change is not met: the session is not online any more, or the right to drive is gone. */
  | { readonly outcome: "refused"; readonly lost: Lost; readonly lease: Lease };

/** More writers than this at one lease at one time is a defect, not a race. */
const attempts = 30;

/**
 * Lets an event happen to a lease: the transition, its timeline entry and the conditions it stands on in one transaction, again if
 * another came first. The lease that was read is the condition, so of two that saw it one wins.
 */
export async function apply(env: Env, seen: Lease, event: Event, conditions: Stands = () => ({})): Promise<Applied> {
  let lease = seen;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const change = next(lease, event);
    if (change === "ignored") return { outcome: "ignored", lease };
    const undelivered = noticeOf(lease, change, event);
    const after = { ...change.lease, version: lease.version + 1, undelivered } as Lease;
    const written = await write(env, lease, after, change, event.at, conditions);
    const isRecorded = undelivered !== undefined && lease.undelivered === undefined;
    if (written === "written") return { outcome: "changed", before: lease, lease: after, frame: frameOf(after, change, event), isRecorded };
    if (typeof written === "object" && "lost" in written) return { outcome: "refused", lost: written.lost, lease };
    lease = written;
  }
  throw failure("contended", `control of ${seen.robotId} is contended`);
}

/**
 * Notes on a lease that the robot was not told of it, or that it now was. A lease that has another holder or state by then is not
 * touched: whoever changed it tells the robot of that.
 */
export async function recordUndelivered(
  env: Env & { clock: Clock },
  seen: Lease,
  undelivered: UndeliveredNotice | undefined,
): Promise<void> {
  let lease = seen;
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (lease.epoch !== seen.epoch || lease.state !== seen.state) return;
    const after = { ...lease, version: lease.version + 1, undelivered };
    const written = await write(env, lease, after, { lease: after }, env.clock.now(), () => ({}));
    if (written === "written" || "lost" in written) return;
    lease = written;
  }
  throw failure("contended", `control of ${seen.robotId} is contended`);
}

/**
 * A change that the robot was not told stays so until it is told, whatever becomes of control meanwhile. Somebody who loses control without
 * letting go of it could drive on where this process ends before it told the robot, and who gets it drives unknown to the others who look on:
 * that notice is noted with the change, and is the sweeper's once no handler can still be about it. Where nobody looks on, the permit tells the
 * robot who drives, and no write is spent on it. D21
 */
function noticeOf({ state, epoch, undelivered }: Lease, change: Change, event: Event): UndeliveredNotice | undefined {
  const words = wordsOf(change, event);
  const isOthersConcern = state !== "free" || ("isWatched" in event && event.isWatched);
  const isHanded = isOthersConcern && change.lease.epoch !== epoch && event.type !== "released";
  if (!words || !(undelivered || isHanded)) return undelivered;
  const at = undelivered?.at ?? event.at + limits.gateway.integrationMs;
  return { ...words, at, toClients: isHanded || undelivered?.toClients };
}

function frameOf(lease: Lease, change: Change, event: Event): ControlChanged | undefined {
  const words = wordsOf(change, event);
  return words && { type: "control.changed", control: controlOf(lease), ...words };
}

function wordsOf({ because }: Change, event: Event): Omit<UndeliveredNotice, "at" | "toClients"> | undefined {
  return because && { because, actor: event.actor, ...(event.type === "taken" && { reason: event.reason }) };
}

async function write(env: Env, before: Lease, after: Lease, { entry }: Change, at: number, conditions: Stands) {
  const { robotId } = before;
  const dueAt = dueAtOf(after);
  // A lease that was read carries the instant it was due at.
  const due = { dueAt, shard: dueAt === undefined ? undefined : shardOf(robotId, env.store.shards) };
  const item = entry && toItem(env, { actor: { type: "system" }, ...entry }, { robotId, at, sessionId: entry.sessionId });
  const outcome = await transact(env, (entities) => ({
    ...conditions(entities),
    lease: entities.controlLease
      .put({ ...after, ...due })
      .where(({ version }, { eq, notExists }) => (before.version === 0 ? notExists(version) : eq(version, before.version)))
      .commit({ response: "all_old" }),
    event: item && entities.timelineEvent.put(item).commit(),
  }));
  if (outcome === "done") return "written" as const;
  if (outcome.has("lease")) return leaseOf(robotId, outcome.found("lease"));
  return { lost: outcome.has("session") ? "session" : "right" } as const;
}
