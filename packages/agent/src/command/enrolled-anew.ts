import { isTrouble } from "../exit.ts";
import type { Enrolled } from "../state/key-file.ts";
import { readEnrollment } from "./enrollment.ts";
import type { CommandEnv } from "./env.ts";
import { pause } from "./pause.ts";

/** Time between looks at the key file, in ms. */
const lookMs = 2_000;

/** Waits for so long, but not beyond a new enrollment: somebody made it at the robot and waits to see the robot online. */
export async function pauseUntilEnrolledAnew(env: CommandEnv, { codeHash }: Enrolled, ms: number) {
  for (let left = ms; left > 0 && !env.stopped.aborted; left -= lookMs) {
    await pause(env.platform, env.stopped, Math.min(lookMs, left));
    const found = await readEnrollment(env);
    if (!isTrouble(found) && found.enrolled.codeHash !== codeHash) return found;
  }
  return undefined;
}
