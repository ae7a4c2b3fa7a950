import type { Platform } from "@tether/sdk/robot";
import type { Trouble } from "../exit.ts";
import { isDoubtful, isSuperseded, refused } from "../refused.ts";

type Reason = { readonly code: string; readonly says: string; readonly remedy: string };

/** What to do after a session: serve again after so many ms, or give up. `standingBy`: another instance is online. */
export type Next = { readonly afterMs: number; readonly standingBy: boolean } | Trouble;

const minuteMs = 60_000;

/** Between sessions, when the service ended one without saying that it is over for good. */
const pauseMs = { least: 1_000, most: minuteMs } as const;

/** A no that may be a mistake of the service is asked about again after these, about 12 min in all, before it is believed. */
const doubtMs: readonly number[] = [0.5 * minuteMs, minuteMs, 2 * minuteMs, 4 * minuteMs, 4 * minuteMs];

/** A look costs the service one read (T9), and robots must come back within 2 min after the other one left. */
const lookMs = { first: minuteMs, later: 1.75 * minuteMs } as const;

/** Decides after each session, and remembers what came before. */
export function createAgain({ random }: Pick<Platform, "random">): (why: Reason, wasOnline: boolean) => Next {
  let [failures, doubts, looks] = [0, 0, 0];

  return (why, wasOnline) => {
    if (wasOnline) failures = doubts = looks = 0;
    const jitter = random.fraction();
    if (isSuperseded(why)) {
      const most = looks === 0 ? lookMs.first : lookMs.later;
      looks += 1;
      return { afterMs: most * (0.9 + 0.1 * jitter), standingBy: true };
    }
    if (isDoubtful(why)) {
      const wait = doubtMs[doubts];
      doubts += 1;
      return wait === undefined ? refused(why) : { afterMs: wait * (1 + 0.2 * jitter), standingBy: false };
    }
    const trouble = refused(why);
    if (trouble.exit !== "failed") return trouble;
    const afterMs = pauseMs.least + jitter * Math.min(pauseMs.most, pauseMs.least * 2 ** Math.min(failures, 16));
    failures += 1;
    return { afterMs, standingBy: false };
  };
}
