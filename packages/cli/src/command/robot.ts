import { plain } from "@tether/program/plain";
import { EnrollmentCode, Robot, RobotPage } from "@tether/protocol/http";
import { base64url } from "@tether/sdk/base64url";
import { columns } from "../columns.ts";
import { isTrouble, type Outcome } from "../exit.ts";
import { instant } from "../instant.ts";
import { chosen } from "../service/robot.ts";
import { openService } from "../service/service.ts";
import type { World } from "../world.ts";
import type { Asked } from "./command.ts";

export async function robotList(world: World): Promise<Outcome> {
  const service = await openService(world);
  if (isTrouble(service)) return service;
  const items = await service.list("/robots", RobotPage);
  if (isTrouble(items)) return items;
  const rows = items.map(({ name, id, role, presence }) => [
    name,
    id,
    role,
    presence?.state,
    presence?.since === undefined ? "never" : instant(presence.since),
    presence?.ending?.says,
  ]);
  const words =
    rows.length === 0 ? "None yet: tether robot create NAME" : columns(["NAME", "ROBOT", "ROLE", "STATE", "SINCE", "WHY"], rows);
  world.say.result(words, { items });
  return "fine";
}

export async function robotCreate(world: World, { args: [name = ""] }: Asked): Promise<Outcome> {
  const service = await openService(world);
  if (isTrouble(service)) return service;
  const robot = await service.call("POST", "/robots", Robot, { name });
  if (isTrouble(robot)) return robot;
  world.say.result(`Created ${plain(robot.name)} (${robot.id}). Next: tether robot code ${robot.id}`, robot);
  return "fine";
}

export async function robotCode(world: World, { args: [named = ""] }: Asked): Promise<Outcome> {
  const choice = await chosen(world, named);
  if (isTrouble(choice)) return choice;
  const { service, robot, path } = choice;
  const made = await service.call("POST", `${path}/enrollments`, EnrollmentCode);
  if (isTrouble(made)) return made;
  const { code, expiresAt } = made;
  const enroll = `npx tether-robot enroll ${service.api} ${code}`;
  world.say.progress(`Run this on the robot until ${instant(expiresAt)}; the code is good once, and any before it is no more:`);
  world.say.result(enroll, { robot, code, expiresAt, enroll });
  return "fine";
}

/** One key for the whole command: asked again after a token that was over, it is still one press. */
export async function robotStop(world: World, { args: [named = ""], flags }: Asked): Promise<Outcome> {
  const choice = await chosen(world, named);
  if (isTrouble(choice)) return choice;
  const { service, robot, path } = choice;
  const reason = flags.reason === undefined ? {} : { reason: flags.reason };
  const stopped = await service.order("POST", `${path}/stop`, { key: base64url(world.random.bytes(16)), ...reason });
  if (isTrouble(stopped)) return stopped;
  world.say.result(`STOP is delivered to ${robot}. See that it stands.`, { stopped: robot });
  return "fine";
}

export async function robotDelete(world: World, { args: [named = ""] }: Asked): Promise<Outcome> {
  const choice = await chosen(world, named);
  if (isTrouble(choice)) return choice;
  const { service, robot, path } = choice;
  const deleted = await service.order("DELETE", path);
  if (isTrouble(deleted)) return deleted;
  world.say.result(`Deleted ${robot}, and ended its sessions.`, { deleted: robot });
  return "fine";
}
