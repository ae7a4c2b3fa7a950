import type { Clock } from "../clock/clock.ts";

/** A token bucket that holds one second's worth. */
export function createRate(env: { clock: Clock; perSecond: number }): { take(): boolean } {
  const { clock, perSecond } = env;
  let left = perSecond;
  let filledAt = clock.now();
  return {
    take() {
      const now = clock.now();
      left = Math.min(perSecond, left + ((now - filledAt) * perSecond) / 1_000);
      filledAt = now;
      if (left < 1) return false;
      left--;
      return true;
    },
  };
}
