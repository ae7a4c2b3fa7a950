import type { Clock } from "../clock.ts";

/** `burst` requests at once, then one more every `everyMs`. */
export type Rate = { readonly burst: number; readonly everyMs: number };

/**
 * A token bucket a principal (https://en.wikipedia.org/wiki/Token_bucket), kept in memory: each instance of a Lambda counts on its own,
 * so where several run, a principal gets as many times the rate. It bounds what one caller can do to one instance, and costs no
 * request to the store. Beyond `most` principals the one heard of least recently is forgotten, which lets it begin anew.
 */
export function createBuckets(clock: Clock, { burst, everyMs }: Rate, most: number) {
  /** Until when each would have to wait for its bucket to be full again. */
  const fullAt = new Map<string, number>();

  return {
    /** Takes one. Answers 0, or how long in ms until there is one. */
    take(principal: string): number {
      const now = clock.now();
      const from = Math.max(now, fullAt.get(principal) ?? 0);
      const waitMs = from + everyMs - (now + burst * everyMs);
      if (waitMs > 0) return waitMs;
      fullAt.delete(principal);
      fullAt.set(principal, from + everyMs);
      const [oldest] = fullAt.keys();
      if (fullAt.size > most && oldest !== undefined) fullAt.delete(oldest);
      return 0;
    },
    size: () => fullAt.size,
  };
}

export type Buckets = ReturnType<typeof createBuckets>;
