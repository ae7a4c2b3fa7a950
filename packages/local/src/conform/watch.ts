import type { Clock } from "../clock/clock.ts";

/** The fault that a case finds. */
export class Failure extends Error {}

export function check(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Failure(what);
}

export type Watch<Thing> = {
  readonly all: readonly Thing[];
  put(thing: Thing): void;
  /** The first that matches among those from place `from` on; a Failure that says `what` is missing after `ms`. */
  until(what: string, matches: (thing: Thing) => boolean, options?: { from?: number; ms?: number }): Promise<Thing>;
};

export const patienceMs = 8_000;

/** Keeps what was heard, and lets cases wait for what they expect. */
export function createWatch<Thing>(clock: Clock): Watch<Thing> {
  const all: Thing[] = [];
  const waiting = new Set<() => void>();
  return {
    all,
    put(thing) {
      all.push(thing);
      for (const look of [...waiting]) look();
    },
    until: (what, matches, { from = 0, ms = patienceMs } = {}) =>
      new Promise((resolve, reject) => {
        const cancel = clock.after(ms, () => {
          waiting.delete(look);
          reject(new Failure(`${what} did not come within ${ms} ms`));
        });
        const look = () => {
          const found = all.slice(from).find(matches);
          if (found === undefined) return;
          waiting.delete(look);
          cancel();
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
  };
}
