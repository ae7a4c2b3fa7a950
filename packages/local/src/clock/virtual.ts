import type { Clock } from "./clock.ts";

export interface VirtualClock extends Clock {
  /** Moves time forward by `ms`, running what falls due on the way. Rejects when `idle` does. */
  advance(ms: number): Promise<void>;
  /** Moves time forward to an instant. A past one is a RangeError. */
  advanceTo(at: number): Promise<void>;
}

type Timer = { at: number; run: () => void };

/** More rounds than this without time moving on is a timer that sets itself again with no delay. */
const roundsPerInstant = 10_000;

/** A clock that stands still until told to move. Before time moves from one instant to the next, `idle` must resolve. */
export function createVirtualClock(env: { startAt: number; idle: () => Promise<void> }): VirtualClock {
  let now = env.startAt;
  let moving = false;
  const timers = new Set<Timer>();

  function nextAt(): number {
    let earliest = Number.POSITIVE_INFINITY;
    for (const timer of timers) earliest = Math.min(earliest, timer.at);
    return earliest;
  }

  function runDue(): void {
    // A set keeps the order in which the timers were made.
    for (const timer of [...timers].filter(({ at }) => at <= now)) {
      // An earlier timer of this instant may have cancelled it.
      if (timers.delete(timer)) timer.run();
    }
  }

  async function move(at: number): Promise<void> {
    let rounds = 0;
    await env.idle();
    for (let next = nextAt(); next <= at; next = nextAt()) {
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
      const timer = { at: now + Math.max(0, Math.ceil(ms)), run };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    advance: (ms) => advanceTo(now + ms),
    advanceTo,
  };
}
