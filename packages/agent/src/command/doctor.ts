import { printable } from "@tether/program/printable";
import { runChecks } from "@tether/sdk/diagnosis/diagnose";
import { bad, type Outcome as Diagnosed, good } from "@tether/sdk/diagnosis/finding";
import { reportOf, summaryOf } from "@tether/sdk/diagnosis/report";
import type { Found, RobotCheck } from "../doctor/check.ts";
import { checkDriver } from "../doctor/driver.ts";
import { networkChecks } from "../doctor/network.ts";
import { serviceChecks } from "../doctor/service.ts";
import { codeOf, isTrouble, type Trouble } from "../exit.ts";
import { acquireRunLock } from "../state/run-lock.ts";
import { readEnrollment } from "./enrollment.ts";
import type { CommandEnv, Outcome } from "./env.ts";

type Row = { readonly id: string; readonly title: string } & Diagnosed;

/** Looks at every step from this robot to its service and its driver: what works, and what to do about what does not. */
export async function doctor(env: CommandEnv): Promise<Outcome> {
  const { config, files, platform, say } = env;
  const read = await readEnrollment(env);
  const enrollment = isTrouble(read) ? undefined : read;
  // The lock keeps a run from starting meanwhile: there is one socket and one driver.
  const release = await acquireRunLock(files, config.state, { pid: env.process.id, since: platform.clock.now() });
  const rows: Row[] = [];
  try {
    const found: Found = { api: enrollment?.api ?? config.api, enrollment, isRunning: isTrouble(release) };
    await runChecks(
      checksFor(read),
      { clock: platform.clock, env, found },
      {
        begun: ({ title }) => say.progress(`${title} …`),
        done: ({ id, title }, outcome) => void rows.push({ id, title, ...outcome }),
      },
    );
    const outcome = rows.some(({ result }) => result === "bad") ? "unwell" : "done";
    const about = { at: platform.clock.now(), api: found.api ?? "unknown", from: env.machine };
    const report = reportOf(
      rows.map((row) => ({ title: row.title, outcome: row })),
      about,
    );
    say.result(`${report}\n${summaryOf(rows)}`, { exit: codeOf(outcome), ...about, checks: rows });
    return outcome;
  } finally {
    if (!isTrouble(release)) release();
  }
}

/** All checks in their order: each relies on those before it. */
export function checksFor(read: Awaited<ReturnType<typeof readEnrollment>>): readonly RobotCheck[] {
  return [
    { id: "enrollment", title: "Enrollment", run: async () => enrollmentOf(read) },
    ...networkChecks,
    ...serviceChecks,
    { id: "driver", title: "Driver", run: checkDriver },
  ];
}

function enrollmentOf(read: Awaited<ReturnType<typeof readEnrollment>>) {
  if (isTrouble(read)) return bad(read satisfies Trouble);
  const { robot } = read.enrolled;
  return good(`The key file is that of ${printable(robot.name)} (${robot.id}).`);
}
