/** Waits between attempts, in ms. A connection that lived for less than `settledMs` from its `welcome` counts as an attempt that failed. E2.2 */
export const backoff = { firstMs: 500, mostMs: 15_000, settledMs: 15_000 } as const;

/**
 * Full jitter (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/): `fraction` of a bound that
 * doubles with each failed attempt. E2
 */
export function waitMs(attempt: number, fraction: number, atLeastBoundMs = 0): number {
  const bound = Math.min(backoff.mostMs, backoff.firstMs * 2 ** Math.min(attempt, 16));
  return fraction * Math.max(bound, atLeastBoundMs);
}
