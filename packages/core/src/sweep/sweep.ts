import type { RobotId } from "@tether/protocol/id";
import { limits } from "@tether/protocol/limits";
import type { Env as Notifying } from "../delivery/notify.ts";
import { fromItem } from "../live/read.ts";
import { shardNames } from "../store/session.ts";
import { type Admits, type Refusals, refusalsOf } from "./admission.ts";
import { type DueClosing, type Handled, handleDue, handleDueClosing, handleDueControl } from "./handle-due.ts";
import { runLimited } from "./run-limited.ts";

export type Env = Notifying & { readonly admits?: Admits | undefined };

/** The result of one run. */
export type Swept = {
  /** How many sessions, control leases and connections to be closed were found due. */
  readonly due: number;
  readonly done: { readonly [A in Handled]?: number };
  /** Items whose turn met an error: they stay due for the next run. */
  readonly failed: number;
  /** Items that were seen and not reached in time. */
  readonly backlog: number;
  /** Whether there is more that was not even seen. */
  readonly more: boolean;
  /** Parts of the index that could not be read, or not to their end: what is due there stays due. */
  readonly unread: number;
  /** How late the latest was when its turn came, in ms. */
  readonly lagMs: number;
};

type Due = { readonly dueAt: number; readonly handle: () => Promise<Handled> };
type Items = {
  readonly session: readonly object[];
  readonly controlLease: readonly { robotId: string; dueAt?: number }[];
  readonly closing: readonly (DueClosing & { dueAt: number })[];
};
type Page = { readonly data: Items; readonly cursor: string | null };

/** A part of the sweeper's work, and when its time is up. `strays` are further partitions, which the first group looks at. */
export type Part = { readonly group?: number; readonly groups?: number; readonly strays?: readonly string[]; readonly untilMs?: number };

/**
 * Does what is due now, the longest overdue first. Items that are left when time runs out are still due: the index is the queue, so
 * the next run goes on from there, and two runs at once do nothing twice.
 */
export async function sweep(
  env: Env,
  { group = 0, groups = 1, strays = [], untilMs = env.clock.now() + limits.sweep.budgetMs }: Part = {},
): Promise<Swept> {
  const now = env.clock.now();
  const refusals = refusalsOf(env);
  const own = shardNames(env.store.shards).filter((_, shard) => shard % groups === group);
  const shards = group === 0 ? [...own, ...strays] : own;
  const done: { [A in Handled]?: number } = {};
  let [due, failed, backlog, lagMs, more] = [0, 0, 0, 0, false];

  async function workOff(shard: string): Promise<void> {
    let cursor: string | null = null;
    do {
      // Keys go on after the instant with the kind: at `now` is before `now + 1`, and not at or before `now`.
      const page: Page = await env.store.collections
        .due({ shard })
        .lt({ dueAt: now + 1 })
        .go({ limit: 100, cursor });
      const found = dueIn(env, page.data, refusals);
      due += found.length;
      await runLimited(found, Math.max(1, Math.floor((limits.sweep.atOnce * groups) / env.store.shards)), async (one) => {
        const at = env.clock.now();
        lagMs = Math.max(lagMs, at - one.dueAt);
        if (at >= untilMs) {
          backlog++;
          return;
        }
        const handled = await one.handle().catch(() => undefined);
        if (handled === undefined) failed++;
        else done[handled] = (done[handled] ?? 0) + 1;
      });
      cursor = page.cursor;
      if (cursor !== null && env.clock.now() >= untilMs) more = true;
    } while (cursor !== null && !more);
  }

  // A shard that cannot be read must not keep the others from their turn.
  const parts = await Promise.allSettled(shards.map(workOff));
  const unread = parts.filter((part) => part.status === "rejected");
  if (unread.length === shards.length) throw unread[0]?.reason;
  return { due, done, failed, backlog, more, unread: unread.length, lagMs };
}

function dueIn(env: Env, { session, controlLease, closing }: Items, refusals: Refusals): Due[] {
  const sessions = session.map(fromItem).map((one): Due => ({ dueAt: one.dueAt, handle: () => handleDue(env, one, refusals) }));
  const leases = controlLease.map(({ robotId, dueAt = 0 }): Due => ({ dueAt, handle: () => handleDueControl(env, robotId as RobotId) }));
  const closings = closing.map((one): Due => ({ dueAt: one.dueAt, handle: () => handleDueClosing(env, one) }));
  return [...sessions, ...leases, ...closings].sort((a, b) => a.dueAt - b.dueAt);
}
