import type { Clock } from "../src/clock.ts";

export type VirtualClock = Clock & {
  /** Moves time, running what falls due on the way; promises settle between two instants. */
  advance(ms: number): Promise<void>;
  /** The same, without letting promises settle. */
  advanceNow(ms: number): void;
  /** Moves time without running anything, as a machine that sleeps does. Timers that fell due run at the next advance. */
  sleep(ms: number): void;
  readonly pending: number;
};

export const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

export function createVirtualClock(startAt = 1_800_000_000_000): VirtualClock {
  let now = startAt;
  const timers = new Set<{ at: number; run: () => void }>();

  function next(until: number) {
    const due = [...timers].filter(({ at }) => at <= until);
    return due.sort((a, b) => a.at - b.at)[0];
  }

  function run(timer: { at: number; run: () => void }): void {
    timers.delete(timer);
    now = Math.max(now, timer.at);
    timer.run();
  }

  return {
    now: () => now,
    after(ms, run) {
      const timer = { at: now + Math.max(0, ms), run };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    async advance(ms) {
      const until = now + ms;
      await settled();
      for (let timer = next(until); timer; timer = next(until)) {
        run(timer);
        await settled();
      }
      now = until;
    },
    advanceNow(ms) {
      const until = now + ms;
      for (let timer = next(until); timer; timer = next(until)) run(timer);
      now = until;
    },
    sleep(ms) {
      now += ms;
    },
    get pending() {
      return timers.size;
    },
  };
}
