import { type Store, shardNames } from "@tether/core/store";
import type { Clock } from "./clock/clock.ts";
import type { Counting } from "./engine/counting.ts";

const writes = ["PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "BatchWriteItem"];

/**
 * Leaves out the runs of the sweeper that would find nothing: nothing was written since the run before, and nothing is due by then. Years of
 * virtual time would otherwise go by in looks at an index that has not changed.
 */
export function sweepWhereDue(
  env: { store: Store; clock: Clock; requests: Pick<Counting, "counts">; isOn: boolean | undefined },
  sweep: () => Promise<void>,
): () => Promise<void> {
  if (!env.isOn) return sweep;
  const written = () => writes.reduce((sum, name) => sum + (env.requests.counts()[name] ?? 0), 0);
  let seen = -1;
  let dueAt = Number.POSITIVE_INFINITY;

  async function next(): Promise<number> {
    const pages = await Promise.all(shardNames(env.store.shards).map((shard) => env.store.collections.due({ shard }).go({ limit: 1 })));
    const found = pages.flatMap(({ data: { session, controlLease, closing } }) =>
      [...session, ...controlLease, ...closing].map((item) => Number("dueAt" in item ? item.dueAt : 0)),
    );
    return Math.min(...found, Number.POSITIVE_INFINITY);
  }

  return async () => {
    if (written() === seen && env.clock.now() < dueAt) return;
    await sweep();
    const before = written();
    dueAt = await next();
    seen = before;
  };
}
