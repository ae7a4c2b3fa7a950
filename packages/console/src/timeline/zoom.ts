/** The shown time, in ms since the Unix epoch. `isLive`: its end moves with the time. */
export type TimeRange = { readonly from: number; readonly to: number; readonly isLive: boolean };

const minute = 60_000;
const hour = 60 * minute;

/** The lengths one may look at, from a minute to a week. */
export const lengths = [
  { ms: minute, name: "1 min" },
  { ms: 15 * minute, name: "15 min" },
  { ms: hour, name: "1 h" },
  { ms: 6 * hour, name: "6 h" },
  { ms: 24 * hour, name: "1 day" },
  { ms: 7 * 24 * hour, name: "1 week" },
] as const;

export const shortest = lengths[0].ms;
export const longest = lengths[lengths.length - 1]?.ms ?? shortest;

export function live(ms: number, now: number): TimeRange {
  return { from: now - ms, to: now, isLive: true };
}

/** The shortest length that shows all from `since` on, an hour at most. */
export function fitting(since: number | undefined, now: number): TimeRange {
  const wanted = since === undefined ? hour : now - since;
  return live(lengths.find(({ ms }) => ms >= wanted || ms === hour)?.ms ?? hour, now);
}

/** The range as of `now`: a live one has moved on. */
export function at(range: TimeRange, now: number): TimeRange {
  return range.isLive ? live(range.to - range.from, now) : range;
}

/** A range as long as `ms`, within the bounds, around the middle; a live range keeps its live end. */
export function zoomed(range: TimeRange, ms: number, now: number): TimeRange {
  const length = Math.min(longest, Math.max(shortest, ms));
  if (range.isLive) return live(length, now);
  const middle = (range.from + range.to) / 2;
  return settled({ from: middle - length / 2, to: middle + length / 2, isLive: false }, now);
}

/** Moved by a part of its length, to the past where negative. What would reach beyond now is live. */
export function panned(range: TimeRange, part: number, now: number): TimeRange {
  const by = (range.to - range.from) * part;
  return settled({ from: range.from + by, to: range.to + by, isLive: false }, now);
}

/** The next longer or shorter one of the lengths. */
export function stepped(range: TimeRange, step: "in" | "out", now: number): TimeRange {
  const length = range.to - range.from;
  const next = step === "in" ? lengths.findLast(({ ms }) => ms < length) : lengths.find(({ ms }) => ms > length);
  return next ? zoomed(range, next.ms, now) : range;
}

function settled(range: TimeRange, now: number): TimeRange {
  return range.to >= now ? live(range.to - range.from, now) : range;
}

/** The x of an instant, from 0 at the range's begin to `width` at its end. */
export function xOf(at: number, { from, to }: TimeRange, width: number): number {
  return ((at - from) / (to - from)) * width;
}
