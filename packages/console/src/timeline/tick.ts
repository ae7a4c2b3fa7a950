const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

const steps = [
  5 * second,
  10 * second,
  15 * second,
  30 * second,
  minute,
  2 * minute,
  5 * minute,
  10 * minute,
  15 * minute,
  30 * minute,
  hour,
  2 * hour,
  3 * hour,
  6 * hour,
  12 * hour,
  day,
  2 * day,
  7 * day,
];

/** Round instants within, at most `most` of them, in a zone that is `offsetMs` ahead of UTC. */
export function ticks({ from, to }: { from: number; to: number }, most: number, offsetMs: number): { at: number; stepMs: number }[] {
  const stepMs = steps.find((step) => (to - from) / step <= most) ?? 7 * day;
  const found = [];
  for (let at = Math.ceil((from + offsetMs) / stepMs) * stepMs - offsetMs; at <= to; at += stepMs) found.push({ at, stepMs });
  return found;
}
