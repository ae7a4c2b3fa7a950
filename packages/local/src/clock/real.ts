import type { Clock } from "./clock.ts";

/** Beyond this `setTimeout` fires at once instead of late. */
const longestMs = 2 ** 31 - 1;

/** Taken now: `Date` may be made to tell another clock's time later. */
const { now } = Date;

/** The machine's own clock. */
export const realClock: Clock = {
  now: () => now(),
  after(ms, run) {
    let timer: NodeJS.Timeout;
    const arm = (leftMs: number) => {
      timer = leftMs > longestMs ? setTimeout(() => arm(leftMs - longestMs), longestMs) : setTimeout(run, Math.max(0, leftMs));
    };
    arm(ms);
    return () => clearTimeout(timer);
  },
};

/** Lets the event loop go round once: all that can happen without waiting has then happened. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
