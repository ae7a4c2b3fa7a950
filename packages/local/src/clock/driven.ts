import type { Clock } from "./clock.ts";
import { createVirtualClock } from "./virtual.ts";

/** A clock that goes with the real one, and can be sent ahead. */
export interface DrivenClock extends Clock {
  /** Lets `ms` pass as fast as what happens in them can be done; answers the time then. */
  ahead(ms: number): Promise<number>;
  /** Follows the real clock no more: from then on time passes by `ahead` alone. */
  hold(): void;
}

/** How often, in real ms, it catches up with the real clock. */
const stepMs = 50;

/** For a running system in which a person wants to see hours pass. All moves are made one after the other. */
export function createDrivenClock(env: { real: Clock; idle: () => Promise<void> }): DrivenClock {
  const clock = createVirtualClock({ startAt: env.real.now(), idle: env.idle });
  let followed = env.real.now();
  let moving = Promise.resolve();
  let isHeld = false;
  let cancel = arm();

  function move(ms: () => number): Promise<void> {
    // The next move meets again whatever was late or hung in this one.
    moving = moving.then(() => clock.advance(ms())).catch(() => undefined);
    return moving;
  }

  function arm(): () => void {
    return env.real.after(stepMs, () => {
      void move(() => {
        const passed = env.real.now() - followed;
        followed += passed;
        return isHeld ? 0 : passed;
      }).then(() => {
        if (!isHeld) cancel = arm();
      });
    });
  }

  return {
    now: clock.now,
    after: clock.after,
    async ahead(ms) {
      await move(() => ms);
      return clock.now();
    },
    hold() {
      isHeld = true;
      cancel();
    },
  };
}
