import { limits } from "@tether/protocol/limits";
import type { Env } from "../session/deliver.ts";
import { fromItem } from "../session/read.ts";
import type { Session } from "../session/session.ts";
import { shards } from "../store/session.ts";
import { type Attended, attend } from "./attend.ts";

/** What a run came to. */
export type Swept = {
  /** How many sessions were found due. */
  readonly due: number;
  readonly done: { readonly [A in Attended]?: number };
  /** Sessions whose turn met an error: they stay due for the next run. */
  readonly failed: number;
  /** Due sessions that were seen and not reached in time. */
  readonly backlog: number;
  /** Whether there is more that was not even seen. */
  readonly more: boolean;
  /** How late the latest was, in ms. */
  readonly lagMs: number;
};

type Page = { readonly data: readonly object[]; readonly cursor: string | null };

/**
 * Does what is due now, the longest overdue first. What is left when time runs out is still due: the index is the queue, so
 * the next run goes on from there, and two runs at once do nothing twice.
 */
export async function sweep(env: Env, { untilMs = env.clock.now() + limits.sweep.budgetMs }: { untilMs?: number } = {}): Promise<Swept> {
  const now = env.clock.now();
  const done: { [A in Attended]?: number } = {};
  let [due, failed, backlog, lagMs, more] = [0, 0, 0, 0, false];
  await Promise.all(
    shards.map(async (shard) => {
      let cursor: string | null = null;
      do {
        const page: Page = await env.store.entities.session.query.due({ shard }).lte({ dueAt: now }).go({ limit: 100, cursor });
        due += page.data.length;
        const sessions = page.data.map(fromItem);
        lagMs = Math.max(lagMs, ...sessions.map(({ dueAt }) => now - dueAt));
        await inTurn(sessions, limits.sweep.atOnce / shards.length, async (session) => {
          if (env.clock.now() >= untilMs) {
            backlog++;
            return;
          }
          const attended = await attend(env, session).catch(() => undefined);
          if (attended === undefined) failed++;
          else done[attended] = (done[attended] ?? 0) + 1;
        });
        cursor = page.cursor;
        if (cursor !== null && env.clock.now() >= untilMs) more = true;
      } while (cursor !== null && !more);
    }),
  );
  return { due, done, failed, backlog, more, lagMs };
}

/** Works on the sessions in their order, so many at a time. */
async function inTurn(sessions: readonly Session[], atOnce: number, work: (session: Session) => Promise<void>): Promise<void> {
  const queue = sessions.values();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const session of queue) await work(session);
    }),
  );
}
