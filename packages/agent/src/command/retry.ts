import type { Platform } from "@tether/sdk/robot";
import type { Trouble } from "../exit.ts";
import { isDoubtful, isSuperseded, refusalOf } from "../refusal.ts";

type Reason = { readonly code: string; readonly says: string; readonly remedy: string };

/** The next step after a session: serve again after `afterMs`, or give up. `standingBy`: another instance is online. */
export type Next = { readonly afterMs: number; readonly isStandby: boolean } | Trouble;

const minuteMs = 60_000;

/** The pause between sessions when the service ended one, but not for good. */
const pauseMs = { least: 1_000, most: minuteMs } as const;

/** Pauses before a refusal that may be a mistake of the service is checked again; it is final after about 12 min. */
const doubtMs: readonly number[] = [0.5 * minuteMs, minuteMs, 2 * minuteMs, 4 * minuteMs, 4 * minuteMs];

/** Pauses between checks whether the other instance is still online. A check costs one read (T9), and a robot must be back within 2 min. */
const lookMs = { first: minuteMs, later: 1.75 * minuteMs } as const;

/** Decides the next step after each session, from the history of the earlier ones. */
export function createRetry({ random }: Pick<Platform, "random">): (why: Reason, wasOnline: boolean) => Next {
  let [failures, doubts, looks] = [0, 0, 0];

  return (why, wasOnline) => {
    if (wasOnline) failures = doubts = looks = 0;
    const jitter = random.fraction();
    if (isSuperseded(why)) {
      const most = looks === 0 ? lookMs.first : lookMs.later;
      looks += 1;
      return { afterMs: most * (0.9 + 0.1 * jitter), isStandby: true };
    }
    if (isDoubtful(why)) {
      const wait = doubtMs[doubts];
      doubts += 1;
      return wait === undefined ? refusalOf(why) : { afterMs: wait * (1 + 0.2 * jitter), isStandby: false };
    }
    const trouble = refusalOf(why);
    if (trouble.exit !== "failed") return trouble;
    const afterMs = pauseMs.least + jitter * Math.min(pauseMs.most, pauseMs.least * 2 ** Math.min(failures, 16));
    failures += 1;
    return { afterMs, isStandby: false };
  };
}
