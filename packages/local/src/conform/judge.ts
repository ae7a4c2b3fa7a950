import type { Clock } from "../clock/clock.ts";
import { type Case, type Level, levels } from "./case.ts";
import { Failure } from "./watch.ts";

export type CaseResult = {
  readonly level: Level;
  readonly clauses: readonly string[];
  readonly says: string;
  readonly outcome: "passed" | "failed" | "skipped" | "unjudged";
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
  readonly onResult?: (result: CaseResult) => void;
};

type Judged<On> = Omit<Judging, "command"> & {
  readonly cases: Readonly<Record<Level, readonly Case<On>[]>>;
  /** Without what the cases of these clauses establish no later one can run. */
  readonly needed: ReadonlySet<string>;
  /** The name, in messages, of the program on trial: `robot` or `client`. */
  readonly who: string;
  readonly trial: On;
  /** How the program ended by itself, if it did. */
  readonly ended: () => string | undefined;
  /** Puts right what a case left behind. */
  readonly reset: () => void;
  /** Why the run must not go on, if it must not. */
  readonly broken?: () => string | undefined;
  /** The frames and messages of the program on trial that match no schema. */
  readonly wrong: () => readonly string[];
  /** The sentence of the case that judges those. Default: it speaks of frames and messages. */
  readonly speaks?: string;
};

/** Judges case by case. What was sent and does not match its schema fails by itself. */
export async function judgeCases<On>(judged: Judged<On>): Promise<CaseResult[]> {
  const { clock, cases, needed, level, only, who, trial, ended, reset, wrong, onResult = () => {} } = judged;
  const { broken = () => undefined, speaks = "sends frames and messages only that match their schemas" } = judged;
  const results: CaseResult[] = [];
  const say = (result: CaseResult) => {
    results.push(result);
    onResult(result);
  };
  let isBroken = false;
  for (const of of levels.slice(0, levels.indexOf(level) + 1))
    for (const one of cases[of]) {
      const isNeeded = one.clauses.some((clause) => needed.has(clause));
      if (only && !isNeeded && !one.clauses.some((clause) => only.includes(clause))) continue;
      const { clauses, says } = one;
      const off = broken();
      if (isBroken || off !== undefined) {
        const why = isBroken ? `the ${who} did not come as far as this` : `the run was broken off: ${off}`;
        say({ level: of, clauses, says, outcome: "failed", why, ms: 0 });
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
  if (!isBroken) say({ level: "connects", clauses: ["F1", "F2"], says: speaks, ...outcome, ms: 0 });
  return results;
}

async function judge<On>(trial: On, { run }: Case<On>, ended: Judged<On>["ended"]): Promise<Pick<CaseResult, "outcome" | "why">> {
  try {
    const other = await run(trial);
    if (other && "unjudged" in other) return { outcome: "unjudged", why: `not judged: ${other.unjudged}` };
    return other ? { outcome: "skipped", why: other.skip } : { outcome: "passed" };
  } catch (error) {
    const how = ended();
    const note = how === undefined ? "" : `; the program has ended by itself (${how}), --verbose shows what it printed`;
    if (error instanceof Failure || error instanceof Error) return { outcome: "failed", why: `${error.message}${note}` };
    throw error;
  }
}
