import { axesOf, type Intent, intentOf } from "./input.ts";

/** The time from standing to full speed, in ms. */
const riseMs = 400;

/**
 * The speed that is sent `elapsedMs` after `sent`, where `wish` is wanted: more comes gradually, less at once, and the other way begins at zero.
 * Never beyond the wish; what is no number is zero.
 */
export function ramped(sent: Intent, wish: Intent, elapsedMs: number): Intent {
  const most = elapsedMs > 0 ? elapsedMs / riseMs : 0;
  const [from, to] = [axesOf(sent), axesOf(wish)];
  const axes = from.length > to.length ? from : to;
  return intentOf(axes.map((_, axis) => nearer(from[axis] ?? 0, to[axis] ?? 0, most)));
}

function nearer(from: number, wish: number, most: number): number {
  if (!Number.isFinite(wish)) return 0;
  const to = Math.max(-1, Math.min(1, wish));
  const begin = Math.sign(from) === Math.sign(to) ? Math.abs(from) : 0;
  return Math.sign(to) * Math.min(Math.abs(to), begin + most);
}
