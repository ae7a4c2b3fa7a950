import type { Event } from "./event.ts";

/** Entries oldest first, without a gap from `since` on; `cursor` leads to older ones. */
export type History = { readonly events: readonly Event[]; readonly since: number; readonly cursor: string | undefined };

export const nothing: History = { events: [], since: Infinity, cursor: undefined };

/**
 * The history with the newest entries put to it. `fresh` are newest first; undefined while there is a gap between them and what is
 * known, and they must be followed further back by `cursor`.
 */
export function merged(known: History, fresh: readonly Event[], cursor: string | undefined): History | undefined {
  const oldest = fresh.at(-1);
  if (known.events.length === 0) {
    const since = cursor === undefined || !oldest ? -Infinity : oldest.at;
    return { events: fresh.toReversed(), since, cursor };
  }
  const seen = new Set(known.events.map(({ id }) => id));
  const isJoined = cursor === undefined || fresh.some(({ id }) => seen.has(id));
  if (!isJoined) return undefined;
  const news = fresh.filter(({ id }) => !seen.has(id));
  // An entry that stands for a stretch of time takes the place at its beginning, before others that were known already.
  return news.length === 0 ? known : { ...known, events: [...known.events, ...news.toReversed()].sort((a, b) => a.at - b.at) };
}

/** With the next older page put before it, newest first as it came. */
export function older(known: History, items: readonly Event[], cursor: string | undefined): History {
  const since = cursor === undefined ? -Infinity : (items.at(-1)?.at ?? known.since);
  return { events: [...items.toReversed(), ...known.events], since, cursor };
}
