import type { Clock } from "../clock/clock.ts";

/** A token bucket that holds one second's worth, unless told. */
export function createRate(env: { clock: Pick<Clock, "now">; perSecond: number; burst?: number }): { take(): boolean; has(): boolean } {
  const { clock, perSecond, burst = perSecond } = env;
  let left = burst;
  let filledAt = clock.now();
  function has(): boolean {
    const now = clock.now();
    left = Math.min(burst, left + ((now - filledAt) * perSecond) / 1_000);
    filledAt = now;
    return left >= 1;
  }
  return {
    has,
    take() {
      if (!has()) return false;
      left--;
      return true;
    },
  };
}
