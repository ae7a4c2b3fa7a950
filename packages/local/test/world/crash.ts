import type { DecideFate, Fate } from "../../src/engine/fate.ts";
import type { World } from "./world.ts";

/** How a request fails: once, so that the client's own retry goes through, or with all after it, as when the process died there. */
export const deaths = {
  "one request is cut": { at: "cut", after: "pass" },
  "one answer is lost": { at: "lose", after: "pass" },
  "it dies before a request": { at: "cut", after: "cut" },
  "it dies before an answer": { at: "lose", after: "cut" },
} as const satisfies Record<string, { at: Fate; after: Fate }>;

export type Death = keyof typeof deaths;

/** More requests than any operation makes. */
const most = 40;

/**
 * Fails the first request of what `run` does, then the second, until what it does is over before it gets there. `run` is given
 * a function that does its work under the fault, and a name for the step; answers how many steps there were.
 */
export async function eachRequest(
  { system }: World,
  death: Death,
  run: (crashing: <T>(work: () => Promise<T>) => Promise<T | undefined>, step: string) => Promise<void>,
): Promise<number> {
  for (let nth = 1; nth <= most; nth++) {
    let seen = 0;
    const hook: DecideFate = () => {
      seen++;
      return seen === nth ? deaths[death].at : seen > nth ? deaths[death].after : "pass";
    };
    await run(async (work) => {
      system.requests.before(hook);
      // The caller may fail too: that is part of a crash.
      return work()
        .catch(() => undefined)
        .finally(() => system.requests.before(undefined));
    }, `request ${nth}: ${death}`);
    if (seen < nth) return nth - 1;
  }
  throw new Error(`more than ${most} requests`);
}
