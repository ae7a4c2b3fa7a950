import type { Sample } from "./sample.ts";

/** A sample, and when it was taken, in ms. */
export type Point = Sample & { readonly at: number };

/** The length of the plots, in ms. */
export const shownMs = 60_000;

/** The samples to show, with one more. Where the clock was set back, those before are gone. */
export function kept(points: readonly Point[], point: Point): readonly Point[] {
  return [...points.filter(({ at }) => at < point.at && at >= point.at - shownMs), point];
}
