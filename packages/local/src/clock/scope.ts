import type { Clock } from "./clock.ts";

/** A clock whose timers end together, with the thing they belong to. */
export interface ScopedClock extends Clock {
  cancelAll(): void;
}

export function createScopedClock(clock: Clock): ScopedClock {
  const cancels = new Set<() => void>();
  let over = false;
  return {
    now: () => clock.now(),
    after(ms, run) {
      if (over) return () => {};
      const cancel = clock.after(ms, () => {
        cancels.delete(stop);
        run();
      });
      const stop = () => {
        cancels.delete(stop);
        cancel();
      };
      cancels.add(stop);
      return stop;
    },
    cancelAll() {
      over = true;
      for (const cancel of cancels) cancel();
    },
  };
}
