import type { RobotId } from "@tether/protocol/id";
import { limits } from "@tether/protocol/limits";
import type { Env } from "../delivery/notify.ts";
import { fromItem } from "../live/read.ts";
import { shards } from "../store/session.ts";
import { type DueClosing, type Handled, handleDue, handleDueClosing, handleDueControl } from "./handle-due.ts";

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

/**
 * Does what is due now, the longest overdue first. Items that are left when time runs out are still due: the index is the queue, so
 * the next run goes on from there, and two runs at once do nothing twice.
 */
export async function sweep(env: Env, { untilMs = env.clock.now() + limits.sweep.budgetMs }: { untilMs?: number } = {}): Promise<Swept> {
  const now = env.clock.now();
  const done: { [A in Handled]?: number } = {};
  let [due, failed, backlog, lagMs, more] = [0, 0, 0, 0, false];

  async function workOff(shard: (typeof shards)[number]): Promise<void> {
    let cursor: string | null = null;
    do {
      // Keys go on after the instant with the kind: at `now` is before `now + 1`, and not at or before `now`.
      const page: Page = await env.store.collections
        .due({ shard })
        .lt({ dueAt: now + 1 })
        .go({ limit: 100, cursor });
      const found = dueIn(env, page.data);
      due += found.length;
      await inTurn(found, limits.sweep.atOnce / shards.length, async (one) => {
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

function dueIn(env: Env, { session, controlLease, closing }: Items): Due[] {
  const sessions = session.map(fromItem).map((one): Due => ({ dueAt: one.dueAt, handle: () => handleDue(env, one) }));
  const leases = controlLease.map(({ robotId, dueAt = 0 }): Due => ({ dueAt, handle: () => handleDueControl(env, robotId as RobotId) }));
  const closings = closing.map((one): Due => ({ dueAt: one.dueAt, handle: () => handleDueClosing(env, one) }));
  return [...sessions, ...leases, ...closings].sort((a, b) => a.dueAt - b.dueAt);
}

/** Works on what is due in its order, so many at a time. */
async function inTurn(queued: readonly Due[], atOnce: number, work: (one: Due) => Promise<void>): Promise<void> {
  const queue = queued.values();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const one of queue) await work(one);
    }),
  );
}
