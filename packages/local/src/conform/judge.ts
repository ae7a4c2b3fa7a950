import type { Clock } from "../clock/clock.ts";
import { type Case, type Level, levels } from "./case.ts";
import { Failure } from "./watch.ts";

export type CaseResult = {
  readonly level: Level;
  readonly clauses: readonly string[];
  readonly says: string;
  readonly outcome: "passed" | "failed" | "skipped";
  readonly why?: string;
  readonly ms: number;
};

export type Judging = {
  readonly clock: Clock;
  readonly command: string;
  /** The highest level to judge by. */
  readonly level: Level;
  /** Cases of the levels above `connects` that cite none of these are left out. */
  readonly only?: readonly string[];
  readonly told?: (result: CaseResult) => void;
};

type Judged<On> = Omit<Judging, "command"> & {
  readonly cases: Readonly<Record<Level, readonly Case<On>[]>>;
  /** Without what the cases of these clauses establish no later one can run. */
  readonly needed: ReadonlySet<string>;
  /** Who is judged. */
  readonly who: string;
  readonly trial: On;
  /** How the program ended by itself, if it did. */
  readonly ended: () => string | undefined;
  /** Puts right what a case left behind. */
  readonly reset: () => void;
  /** What it sent, on sockets and on channels, that matches no schema. */
  readonly wrong: () => readonly string[];
};

/** Judges case by case. What was sent and does not match its schema fails by itself. */
export async function judgeCases<On>(judged: Judged<On>): Promise<CaseResult[]> {
  const { clock, cases, needed, level, only, who, trial, ended, reset, wrong, told = () => {} } = judged;
  const results: CaseResult[] = [];
  const say = (result: CaseResult) => {
    results.push(result);
    told(result);
  };
  let isBroken = false;
  for (const of of levels.slice(0, levels.indexOf(level) + 1))
    for (const one of cases[of]) {
      const isNeeded = one.clauses.some((clause) => needed.has(clause));
      if (only && !isNeeded && !one.clauses.some((clause) => only.includes(clause))) continue;
      const { clauses, says } = one;
      if (isBroken) {
        say({ level: of, clauses, says, outcome: "failed", why: `the ${who} did not come as far as this`, ms: 0 });
        continue;
      }
      const began = clock.now();
      reset();
      const outcome = await judge(trial, one, ended);
      isBroken ||= outcome.outcome === "failed" && isNeeded;
      say({ level: of, clauses, says, ...outcome, ms: clock.now() - began });
    }
  const [first] = isBroken ? [] : wrong();
  const outcome = first === undefined ? ({ outcome: "passed" } as const) : ({ outcome: "failed", why: first } as const);
  if (!isBroken)
    say({ level: "connects", clauses: ["F1", "F2"], says: "sends frames and messages only that match their schemas", ...outcome, ms: 0 });
  return results;
}

async function judge<On>(trial: On, { run }: Case<On>, ended: Judged<On>["ended"]): Promise<Pick<CaseResult, "outcome" | "why">> {
  try {
    const skipped = await run(trial);
    return skipped ? { outcome: "skipped", why: skipped.skip } : { outcome: "passed" };
  } catch (error) {
    const how = ended();
    const note = how === undefined ? "" : `; the program has ended by itself (${how}), --verbose shows what it printed`;
    if (error instanceof Failure || error instanceof Error) return { outcome: "failed", why: `${error.message}${note}` };
    throw error;
  }
}
