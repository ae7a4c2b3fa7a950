import { limits } from "@tether/protocol/limits";
import type { Clock } from "../clock.ts";

/** Bounds how often each user may have a peer connection made: each costs the robot a certificate, sockets and a search for paths. W7 */
export type Admission = {
  /** Takes one of the user's, or answers how long until there is one, in ms. */
  take(user: string): number;
};

export function createAdmission(clock: Pick<Clock, "now">): Admission {
  const { burst, everyMs } = limits.peer;
  /** When each user's allowance is whole again. */
  const wholeAt = new Map<string, number>();
  return {
    take(user) {
      const at = clock.now();
      for (const [other, whole] of wholeAt) if (whole <= at) wholeAt.delete(other);
      const whole = Math.max(at, wholeAt.get(user) ?? at) + everyMs;
      const overMs = whole - at - burst * everyMs;
      if (overMs > 0) return overMs;
      wholeAt.set(user, whole);
      return 0;
    },
  };
}
