import type { DecideFate, Fate } from "../../src/engine/fate.ts";
import type { World } from "./world.ts";

/** How a request fails: once, so that the client's own retry goes through, or with all after it, as when the process died there. */
const deaths = {
  "one request is cut": { at: "cut", after: "pass" },
  "one answer is lost": { at: "lose", after: "pass" },
  "it dies before a request": { at: "cut", after: "cut" },
  "it dies before an answer": { at: "lose", after: "cut" },
} as const satisfies Record<string, { at: Fate; after: Fate }>;

type Death = keyof typeof deaths;

/** More requests than any operation makes. */
const most = 40;

type Run = (crashing: <T>(work: () => Promise<T>) => Promise<T | undefined>, step: string) => Promise<void>;

/**
 * A request fails once in one way and for good in the other, and the next request the other way around: so each request fails in both, and each way is
 * tried before and after what the store does. `ORDERS=all` has each request fail in all four ways, in twice the time.
 */
function waysOf(nth: number): readonly Death[] {
  if (process.env.ORDERS === "all") return Object.keys(deaths) as Death[];
  return nth % 2 === 1 ? ["one request is cut", "it dies before an answer"] : ["one answer is lost", "it dies before a request"];
}

/**
 * Fails the first request of what `run` does, then the second, until what it does is over before it gets there. `run` is given
 * a function that does its work under the fault, and a name for the step; answers how many requests there were.
 */
export async function eachRequest({ system }: World, run: Run): Promise<number> {
  for (let nth = 1; nth <= most; nth++)
    for (const death of waysOf(nth)) {
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
