import type { Clock } from "../clock.ts";

/** Cuts after a shorter silence than this, in ms, are not taken for a proxy's idle time-out. */
const leastSilenceMs = 15_000;
/** Two silences this near to each other, as a share of the longer, are one time-out seen twice. */
const likeness = 0.1;
/** The keepalive's share of the silence that the path bears: a tenth of jitter leaves it well below. */
const share = 0.7;
/** A time-out that did not show again for this long is forgotten: the end may have another path by then. */
const keptMs = 24 * 3_600_000;

/** The silence that the path to the broker bears, learned from sockets that it cut. */
export type PathSilence = {
  /** A live socket was cut after so long without any frame. */
  cut(silentMs: number): void;
  /** The longest wait between keepalives, in ms, of those that the caller would choose. */
  within(everyMs: number): number;
};

/** A cut may have any cause; two in a row after the same silence are those of a proxy that closes idle sockets. E12 */
export function learnSilence(clock: Clock): PathSilence {
  let last: number | undefined;
  let learned: { readonly everyMs: number; readonly at: number } | undefined;
  return {
    cut(silentMs) {
      const before = last;
      last = silentMs >= leastSilenceMs ? silentMs : undefined;
      if (before === undefined || last === undefined) return;
      if (Math.abs(last - before) <= likeness * Math.max(last, before))
        learned = { everyMs: Math.min(last, before) * share, at: clock.now() };
    },
    within(everyMs) {
      if (learned && clock.now() - learned.at > keptMs) learned = undefined;
      return Math.min(everyMs, learned?.everyMs ?? everyMs);
    },
  };
}
