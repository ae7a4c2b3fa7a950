import { commands } from "./case/commands.ts";
import { connects } from "./case/connects.ts";
import { drives, joins } from "./case/drives.ts";
import { latched } from "./case/latched.ts";
import { negotiates } from "./case/negotiates.ts";
import { notices } from "./case/notices.ts";
import { permits } from "./case/permits.ts";
import { pictures, stages } from "./case/pictures.ts";
import { cuts } from "./case/reconnects.ts";
import { shown } from "./case/shown.ts";
import { stops } from "./case/stops.ts";
import { undelivered } from "./case/undelivered.ts";
import type { Case, Level } from "./case.ts";
import { wrongFrames } from "./connection.ts";
import { type CaseResult, type Judging, judgeCases } from "./judge.ts";
import { unchanged } from "./server.ts";
import { createTrial, type Trial } from "./trial.ts";

/** The cases by which a robot is judged. */
export const cases: Readonly<Record<Level, readonly Case[]>> = {
  connects,
  drives: [...cuts, ...joins, ...undelivered, ...drives, ...negotiates],
  safe: [...shown, ...permits, ...notices, ...commands, ...pictures, ...stages, ...stops, ...latched],
};

/** Without what these establish no later case can run. */
const needed: ReadonlySet<string> = new Set(["N3", "A2", "T1", "W1"]);

/** Judges a robot, case by case. */
export async function judgeRobot({ command, ...judging }: Judging): Promise<{ results: CaseResult[]; output: string }> {
  const trial = await createTrial({ clock: judging.clock, command });
  try {
    const reset = () => {
      Object.assign(trial.service.state, unchanged);
    };
    const results = await judgeCases({
      ...judging,
      cases,
      needed,
      who: "robot",
      trial,
      ended: trial.target.ended,
      reset,
      wrong: () => wrongOf(trial),
    });
    return { results, output: trial.target.output() };
  } finally {
    await trial.end();
  }
}

function wrongOf({ service, operators }: Trial): string[] {
  const messages = operators.flatMap(({ received }) =>
    received.all.flatMap(({ message }) => (message.type === "wrong" ? message.text : [])),
  );
  return [...wrongFrames(service.connections.all), ...messages];
}
