import type { Clock } from "../clock/clock.ts";
import { commands } from "./case/commands.ts";
import { connects } from "./case/connects.ts";
import { drives } from "./case/drives.ts";
import { negotiates } from "./case/negotiates.ts";
import { notices } from "./case/notices.ts";
import { permits } from "./case/permits.ts";
import { pictures } from "./case/pictures.ts";
import { stops } from "./case/stops.ts";
import { type Case, type Level, levels } from "./case.ts";
import { createTrial, type Trial } from "./trial.ts";
import { Failure } from "./watch.ts";

/** The cases by which a robot is judged. */
export const cases: Readonly<Record<Level, readonly Case[]>> = {
  connects,
  drives: [...drives, ...negotiates],
  safe: [...permits, ...notices, ...commands, ...pictures, ...stops],
};

export type CaseResult = {
  readonly level: Level;
  readonly clauses: readonly string[];
  readonly says: string;
  readonly outcome: "passed" | "failed" | "skipped";
  readonly why?: string;
  readonly ms: number;
};

type Options = {
  readonly clock: Clock;
  readonly command: string;
  /** The highest level to judge by. */
  readonly level: Level;
  /** Cases of the levels above `connects` that cite none of these are left out. */
  readonly only?: readonly string[];
  readonly told?: (result: CaseResult) => void;
};

/** Without what these establish no later case can run. */
const needed: ReadonlySet<string> = new Set(["N3", "A2", "T1", "W1"]);

/** Judges a robot, case by case. Frames that the robot sent and that do not match their schemas fail by themselves. */
export async function judgeRobot({
  clock,
  command,
  level,
  only,
  told = () => {},
}: Options): Promise<{ results: CaseResult[]; output: string }> {
  const trial = await createTrial({ clock, command });
  const results: CaseResult[] = [];
  const say = (result: CaseResult) => {
    results.push(result);
    told(result);
  };
  try {
    let isBroken = false;
    for (const of of levels.slice(0, levels.indexOf(level) + 1))
      for (const one of cases[of]) {
        const isNeeded = one.clauses.some((clause) => needed.has(clause));
        if (only && !isNeeded && !one.clauses.some((clause) => only.includes(clause))) continue;
        const { clauses, says } = one;
        if (isBroken) {
          say({ level: of, clauses, says, outcome: "failed", why: "the robot did not come as far as this", ms: 0 });
          continue;
        }
        const began = clock.now();
        const outcome = await judge(trial, one);
        isBroken ||= outcome.outcome === "failed" && isNeeded;
        say({ level: of, clauses, says, ...outcome, ms: clock.now() - began });
      }
    if (!isBroken)
      say({
        level: "connects",
        clauses: ["F1", "F2"],
        says: "sends frames and messages only that match their schemas",
        ...wrongOf(trial),
        ms: 0,
      });
  } finally {
    await trial.end();
  }
  return { results, output: trial.target.output() };
}

async function judge(trial: Trial, { run }: Case): Promise<Pick<CaseResult, "outcome" | "why">> {
  trial.service.state.refuse = undefined;
  try {
    const skipped = await run(trial);
    return skipped ? { outcome: "skipped", why: skipped.skip } : { outcome: "passed" };
  } catch (error) {
    const ended = trial.target.ended();
    const note = ended === undefined ? "" : `; the program has ended by itself (${ended}), --verbose shows what it printed`;
    if (error instanceof Failure || error instanceof Error) return { outcome: "failed", why: `${error.message}${note}` };
    throw error;
  }
}

function wrongOf({ service, operators }: Trial): Pick<CaseResult, "outcome" | "why"> {
  const frames = service.connections.all.flatMap(({ heard }) => heard.all.flatMap(({ wrong }) => wrong ?? []));
  const messages = operators.flatMap(({ told }) => told.all.flatMap(({ message }) => (message.type === "wrong" ? message.text : [])));
  const [first] = [...frames, ...messages];
  return first === undefined ? { outcome: "passed" } : { outcome: "failed", why: first };
}
