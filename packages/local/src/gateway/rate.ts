import type { Clock } from "../clock/clock.ts";

/** A token bucket that holds one second's worth, unless told. */
export function createRate(env: { clock: Pick<Clock, "now">; perSecond: number; burst?: number }): { take(): boolean } {
  const { clock, perSecond, burst = perSecond } = env;
  let left = burst;
  let filledAt = clock.now();
  return {
    take() {
      const now = clock.now();
      left = Math.min(burst, left + ((now - filledAt) * perSecond) / 1_000);
      filledAt = now;
      if (left < 1) return false;
      left--;
      return true;
    },
  };
}
