import { printable } from "@tether/program/printable";
import { thumbprint } from "@tether/sdk/robot";
import { age } from "../age.ts";
import { isTrouble } from "../exit.ts";
import { describeDriver, readDriverStatus } from "../state/driver-status.ts";
import type { KeptKey } from "../state/key-file.ts";
import { readRunStatus } from "../state/run-status.ts";
import { readEnrollment } from "./enrollment.ts";
import type { CommandEnv, Outcome } from "./env.ts";

/** Shows the files on disk and the last state of `run`. The service is not asked, because every request of a robot has an effect. */
export async function status(env: CommandEnv): Promise<Outcome> {
  const open = await readEnrollment(env);
  if (isTrouble(open)) return open;
  const { store, enrolled, api } = open;
  const now = env.platform.clock.now();
  const described = async ({ jwk, madeAt }: KeptKey) => ({ kid: await thumbprint(jwk), algorithm: jwk.crv, madeAt });
  const key = await described(enrolled.key);
  const next = enrolled.next && (await described(enrolled.next));
  const last = await readRunStatus(env.files, env.config.state);
  const driver = await readDriverStatus(env.files, env.config.state);
  const words = [
    `Robot     ${printable(enrolled.robot.name)} (${enrolled.robot.id})`,
    `Service   ${api}`,
    `Key       ${key.kid} (${key.algorithm}, ${age(now - key.madeAt)} old)`,
    ...(next ? [`Next key  ${next.kid} (takes over with the next ticket)`] : []),
    `Key file  ${store.path}`,
    ...(last?.key && last.key.kid === key.kid ? [`Due       ${dueIn(last.key.rotateAfter - now)}`] : []),
    ...(driver ? [`Driver    ${describeDriver(driver)}`] : []),
    `Last seen ${last ? `${last.status}, ${age(now - last.at)} ago${last.why ? `: ${last.why.says}` : ""}` : "never run"}`,
  ];
  env.say.result(words.join("\n"), { robot: enrolled.robot, api, key, next, path: store.path, last, driver });
  return "done";
}

function dueIn(ms: number): string {
  return ms > 0 ? `rotated by run in ${age(ms)}` : "for rotation, which run does by itself";
}
