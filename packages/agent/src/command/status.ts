import { plain } from "@tether/program/plain";
import { thumbprint } from "@tether/sdk/robot";
import { age } from "../age.ts";
import { isTrouble } from "../exit.ts";
import { driverStatus, inWords } from "../state/driver-status.ts";
import type { KeptKey } from "../state/key-file.ts";
import { lastKnown } from "../state/last-known.ts";
import { opened } from "./opened.ts";
import type { Outcome, World } from "./world.ts";

/** Shows what is on disk and what `run` last knew. The service is not asked: all it could be asked for has effects. */
export async function status(world: World): Promise<Outcome> {
  const open = await opened(world);
  if (isTrouble(open)) return open;
  const { store, enrolled, api } = open;
  const now = world.platform.clock.now();
  const shown = async ({ jwk, madeAt }: KeptKey) => ({ kid: await thumbprint(jwk), algorithm: jwk.crv, madeAt });
  const key = await shown(enrolled.key);
  const next = enrolled.next && (await shown(enrolled.next));
  const last = await lastKnown(world.files, world.config.state);
  const driver = await driverStatus(world.files, world.config.state);
  const words = [
    `Robot     ${plain(enrolled.robot.name)} (${enrolled.robot.id})`,
    `Service   ${api}`,
    `Key       ${key.kid} (${key.algorithm}, ${age(now - key.madeAt)} old)`,
    ...(next ? [`Next key  ${next.kid} (takes over with the next ticket)`] : []),
    `Key file  ${store.path}`,
    ...(last?.key && last.key.kid === key.kid ? [`Due       ${dueIn(last.key.rotateAfter - now)}`] : []),
    ...(driver ? [`Driver    ${inWords(driver)}`] : []),
    `Last seen ${last ? `${last.status}, ${age(now - last.at)} ago${last.why ? `: ${last.why.says}` : ""}` : "never run"}`,
  ];
  world.say.result(words.join("\n"), { robot: enrolled.robot, api, key, next, path: store.path, last, driver });
  return "done";
}

function dueIn(ms: number): string {
  return ms > 0 ? `rotated by run in ${age(ms)}` : "for rotation, which run does by itself";
}
