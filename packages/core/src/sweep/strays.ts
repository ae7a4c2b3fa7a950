import { limits } from "@tether/protocol/limits";
import type { Clock } from "../clock.ts";
import type { Store } from "../store/index.ts";
import { shardNames } from "../store/session.ts";

const hourMs = 3_600_000;

/**
 * Finds the partitions that a deployment with more of them has left and that still hold something, due or not: they are looked at in each run until they
 * are empty, so that no deadline waits for them. A deployment makes new instances, whose first run looks for them; an hour later, when nothing of the deployment before is
 * at work any more, one more does.
 */
export function createStrays({ store, clock }: { store: Store; clock: Clock }): () => Promise<readonly string[]> {
  const beyond = shardNames(limits.sweep.shards.most).slice(store.shards);
  let holding: readonly string[] = [];
  let looks = 0;
  let nextAt = Number.NEGATIVE_INFINITY;

  async function holds(shard: string): Promise<boolean> {
    const { data } = await store.collections.due({ shard }).go({ limit: 1 });
    return Object.values(data).some((items) => items.length > 0);
  }

  return async () => {
    const now = clock.now();
    if (now < nextAt || (looks >= 2 && holding.length === 0)) return holding;
    looks++;
    nextAt = now + hourMs;
    const looked = await Promise.allSettled(beyond.map(holds));
    // A partition that could not be looked at may hold something.
    holding = beyond.filter((_, nth) => looked[nth]?.status === "rejected" || (looked[nth]?.status === "fulfilled" && looked[nth].value));
    return holding;
  };
}
