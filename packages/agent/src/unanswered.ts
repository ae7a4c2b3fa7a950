/** A question that comes so long after the one before, in ms, means that this process stood still: the other may have, too. */
const lateMs = 500;

/** How long another process has left this one's questions unanswered. `everyMs`: how often it is asked. */
export function createUnanswered(clock: { now(): number }, everyMs: number) {
  /** When the oldest question that has no answer yet was asked, and when the last one was. */
  let since: number | undefined;
  let askedAt = clock.now();
  return {
    asked(): void {
      const now = clock.now();
      since = now - askedAt > everyMs + lateMs ? now : (since ?? now);
      askedAt = now;
    },
    answered(): void {
      since = undefined;
    },
    /** 0 where nothing is unanswered. */
    get silentMs(): number {
      return since === undefined ? 0 : clock.now() - since;
    },
  };
}
