import { type Flap, flapsIn, isFlap, quietMs, type Row, rowsIn } from "@tether/sdk/timeline/flap";
import type { Entry } from "./outage.ts";

/** An end that is away for this long is told of, also while its path flaps. */
const awayMs = 30_000;

export type Follower = {
  /** The rows to print now. `found` are the newest entries, the oldest first; `now` is this machine's time, which may be off the service's. */
  next(found: readonly Entry[], now: number): readonly Row[];
};

/**
 * Tells what comes, once: entry by entry, but of a path that flaps one row when that is plain, and one when it is over. In between only an
 * end that does not come back within half a minute is worth a row, and its return another.
 */
export function createFollower(entries: readonly Entry[]): Follower {
  let known = [...entries];
  const seenAt = new Map<string, number>(entries.map(({ id }) => [id, 0]));
  const printed = new Set<string>(seenAt.keys());
  /** The cuts that were told of each flap, by its id. */
  const printedCuts = new Map<string, number>(flapsIn(entries).map(({ id, cuts }) => [id, cuts]));

  function ofFlap(row: Flap, now: number): readonly Row[] {
    const { id, cuts, away, items } = row;
    const ageOf = (entry: Entry | undefined) => (entry ? now - (seenAt.get(entry.id) ?? now) : 0);
    if (!printedCuts.has(id)) {
      printedCuts.set(id, cuts);
      for (const item of items) printed.add(item.id);
      return [row];
    }
    if (away && !printed.has(away.id) && ageOf(away) >= awayMs) {
      printed.add(away.id);
      return [away];
    }
    const rows: Row[] = [];
    let isAwayPrinted = false;
    for (const item of items) {
      if (item.type === "session.away") isAwayPrinted = printed.has(item.id);
      if (item.type !== "session.resumed" || !isAwayPrinted || printed.has(item.id)) continue;
      printed.add(item.id);
      rows.push(item);
    }
    const isOver = !away && ageOf(items.at(-1)) >= quietMs;
    if (!isOver || printedCuts.get(id) === cuts) return rows;
    printedCuts.set(id, cuts);
    return [...rows, row];
  }

  return {
    next(found, now) {
      const news = found.filter(({ id }) => !seenAt.has(id));
      for (const { id } of news) seenAt.set(id, now);
      if (news.length > 0) known = [...known, ...news].sort((a, b) => a.at - b.at);
      return rowsIn(known).flatMap((row) => {
        if (isFlap(row)) return ofFlap(row, now);
        if (printed.has(row.id)) return [];
        printed.add(row.id);
        return [row];
      });
    },
  };
}
