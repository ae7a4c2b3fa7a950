import { queue } from "../allowance.ts";
import type { Delivered } from "../delivery.ts";

/** Sound that a path did not bear is tried again after these times, in ms: doubled with each trial that fails. */
const waits = { first: 10_000, longest: 160_000 } as const;
/** A path that bears sound for so long, in ms, is taken to bear it: the next wait is the first again. */
const provenMs = 10_000;
/** Above this share of lost packets a path does not bear sound. */
const lossMost = 0.2;
/** The weight of one step in the share that is lost: it has 10 packets of sound, and 3 of them are lost by chance now and then where 5 % are. */
const stepWeight = 0.2;

/** The state of a path on which nothing but sound is sent. */
export type Backoff = {
  /** When paused sound is tried again; undefined for sound that is not paused. */
  readonly until: number | undefined;
  readonly since: number;
  readonly waitMs: number;
  /** The packets of the step before waited long. */
  readonly isWaiting: boolean;
  readonly lost: number;
};

export const noBackoff: Backoff = { until: undefined, since: Number.NEGATIVE_INFINITY, waitMs: waits.first, isWaiting: false, lost: 0 };

/** Sound has one bitrate, so that a path without pictures is judged by its queue and its loss: paused sound tells nothing of it, and is tried again. V7 */
export function nextBackoff(
  before: Backoff,
  now: number,
  { lost, delivered }: { readonly lost: number; readonly delivered: Delivered | undefined },
): Backoff {
  const { until, since, isWaiting } = before;
  if (until !== undefined) return now < until ? before : { ...noBackoff, since: now, waitMs: Math.min(waits.longest, 2 * before.waitMs) };
  const waitMs = now - since < provenMs ? before.waitMs : waits.first;
  const isLong = delivered ? delivered.queueMs > queue.long : isWaiting;
  const share = delivered ? before.lost + stepWeight * (delivered.lost - before.lost) : before.lost;
  const isFull = (delivered !== undefined && isLong && isWaiting) || Math.max(lost, share) > lossMost;
  return { since, waitMs, until: isFull ? now + waitMs : undefined, isWaiting: isLong, lost: share };
}
