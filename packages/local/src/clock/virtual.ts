import type { Clock } from "./clock.ts";
import { createTimers } from "./timers.ts";

export interface VirtualClock extends Clock {
  /** Moves time forward by `ms`, running what falls due on the way. Rejects when `idle` does. */
  advance(ms: number): Promise<void>;
  /** Moves time forward to an instant. A past one is a RangeError. */
  advanceTo(at: number): Promise<void>;
}

/** More rounds than this without time moving on is a timer that sets itself again with no delay. */
const roundsPerInstant = 10_000;

/** A clock that stands still until told to move. Before time moves from one instant to the next, `idle` must resolve. */
export function createVirtualClock(env: { startAt: number; idle: () => Promise<void> }): VirtualClock {
  let now = env.startAt;
  let moving = false;
  const timers = createTimers();

  function runDue(): void {
    for (const timer of timers.due(now)) {
      // An earlier timer of this instant may have cancelled it.
      if (!timer.cancelled) timer.run();
    }
  }

  async function move(at: number): Promise<void> {
    let rounds = 0;
    await env.idle();
    for (let next = timers.nextAt(); next <= at; next = timers.nextAt()) {
      rounds = next > now ? 0 : rounds + 1;
      if (rounds > roundsPerInstant) throw new Error(`Time stands still at ${now}: a timer keeps setting itself again with no delay.`);
      now = Math.max(now, next);
      runDue();
      await env.idle();
    }
    now = at;
  }

  async function advanceTo(at: number): Promise<void> {
    if (!(at >= now)) throw new RangeError(`Time cannot go from ${now} to ${at}.`);
    if (moving) throw new Error("The clock is being moved already; await the first advance.");
    moving = true;
    try {
      await move(at);
    } finally {
      moving = false;
    }
  }

  return {
    now: () => now,
    after(ms, run) {
      // Whole milliseconds, as every real clock tells them.
      const timer = timers.set(now + Math.max(0, Math.ceil(ms)), run);
      return () => {
        timer.cancelled = true;
      };
    },
    advance: (ms) => advanceTo(now + ms),
    advanceTo,
  };
}
