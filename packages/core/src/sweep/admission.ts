import type { Clock } from "../clock.ts";
import type { Away } from "../live/session.ts";
import type { Store } from "../store/index.ts";

/** Answers whether the service gives tickets now. Never rejects. */
export type Admits = () => Promise<boolean>;

/** Answers when the service was last seen to give none; it is asked once, and only where somebody is away. */
export type Refusals = () => Promise<number | undefined>;

export function refusalsOf({ store, clock, admits }: { store: Store; clock: Clock; admits?: Admits | undefined }): Refusals {
  const { lastRefusal } = store.entities;
  async function look(): Promise<number | undefined> {
    if (!admits) return undefined;
    const at = clock.now();
    if (!(await admits())) {
      await lastRefusal.put({ at }).go();
      return at;
    }
    return (await lastRefusal.get({}).go({ consistent: true })).data?.at;
  }
  let asked: Promise<number | undefined> | undefined;
  return () => {
    asked ??= look();
    return asked;
  };
}

/** Whether a session's grace does not run out yet, since nobody could come back: it counts from when tickets were given again. L5.1 */
export function isHeld({ since, graceMs }: Pick<Away, "since" | "graceMs">, refusedAt: number | undefined, at: number): boolean {
  return refusedAt !== undefined && refusedAt >= since && at < refusedAt + graceMs;
}
