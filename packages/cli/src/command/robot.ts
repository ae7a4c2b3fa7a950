import { printable } from "@tether/program/printable";
import { PresenceState, RobotQuery } from "@tether/protocol/http";
import { routes } from "@tether/sdk/api";
import { base64url } from "@tether/sdk/base64url";
import { columns } from "../columns.ts";
import type { Context } from "../context.ts";
import { isTrouble, type Outcome, usage } from "../exit.ts";
import { instant } from "../instant.ts";
import { chooseRobot } from "../service/robot.ts";
import { openService } from "../service/service.ts";
import type { Invocation } from "./command.ts";

const states = PresenceState.options;

export async function robotList(context: Context, { flags: { name, state } }: Invocation): Promise<Outcome> {
  const filter = RobotQuery.safeParse({ ...(name !== undefined && { name }), ...(state !== undefined && { state }) });
  if (!filter.success) {
    const isStateWrong = filter.error.issues.some(({ path }) => path[0] === "state");
    return usage(isStateWrong ? `--state is one of ${states.join(", ")}.` : "--name is 1 to 80 characters.");
  }
  const service = await openService(context);
  if (isTrouble(service)) return service;
  const items = await service.list(routes.listRobots, { query: filter.data });
  if (isTrouble(items)) return items;
  const rows = items.map(({ name, id, role, presence }) => [
    name,
    id,
    role,
    presence?.state,
    presence?.since === undefined ? "never" : instant(presence.since),
    presence?.ending?.says,
  ]);
  const none = Object.keys(filter.data).length === 0 ? "None yet: tether robot create NAME" : "No robot of yours matches.";
  const words = rows.length === 0 ? none : columns(["NAME", "ROBOT", "ROLE", "STATE", "SINCE", "WHY"], rows);
  context.say.result(words, { items });
  return "done";
}

export async function robotCreate(context: Context, { args: [name = ""] }: Invocation): Promise<Outcome> {
  const service = await openService(context);
  if (isTrouble(service)) return service;
  const robot = await service.call(routes.createRobot, { body: { name } });
  if (isTrouble(robot)) return robot;
  context.say.result(`Created ${printable(robot.name)} (${robot.id}). Next: tether robot code ${robot.id}`, robot);
  return "done";
}

export async function robotCode(context: Context, { args: [named = ""] }: Invocation): Promise<Outcome> {
  const choice = await chooseRobot(context, named);
  if (isTrouble(choice)) return choice;
  const { service, robot } = choice;
  const made = await service.call(routes.createEnrollment, { params: { robot } });
  if (isTrouble(made)) return made;
  const { code, expiresAt, install } = made;
  const enroll = `tether-robot enroll ${service.api} ${code}`;
  context.say.progress(
    `Run this on the robot until ${instant(expiresAt)}; the code works once, and any earlier code no longer works. ${install === undefined ? "For a driver of your own, name its program in the place of “simulated”" : "For a driver of your own, add --driver and its program"}:`,
  );
  const run = "tether-robot run --driver simulated";
  const line = install === undefined ? `${enroll}\n${run}` : `curl -fsSL ${install} | sh -s -- ${code}`;
  context.say.result(line, { robot, code, expiresAt, enroll, run, ...(install !== undefined && { install: line }) });
  return "done";
}

/** The command makes one key, so that a request repeated with a fresh token still counts as one press. */
export async function robotStop(context: Context, { args: [named = ""], flags }: Invocation): Promise<Outcome> {
  const choice = await chooseRobot(context, named);
  if (isTrouble(choice)) return choice;
  const { service, robot } = choice;
  const reason = flags.reason === undefined ? {} : { reason: String(flags.reason) };
  const stopped = await service.call(routes.stopRobot, {
    params: { robot },
    body: { key: base64url(context.random.bytes(16)), ...reason },
  });
  if (isTrouble(stopped)) return stopped;
  context.say.result(`STOP is delivered to ${robot}. Check with your own eyes that it stands still.`, { stopped: robot });
  return "done";
}

/** A robot that is out there cannot come back after this without somebody who goes to it, so the command asks for a word more. */
export async function robotDelete(context: Context, { args: [named = ""], flags }: Invocation): Promise<Outcome> {
  const choice = await chooseRobot(context, named);
  if (isTrouble(choice)) return choice;
  const { service, robot } = choice;
  const found = await service.call(routes.getRobot, { params: { robot } });
  if (isTrouble(found)) return found;
  const name = printable(found.name);
  const state = found.presence?.state ?? "offline";
  if (state !== "offline" && flags.force !== true)
    return usage(
      `${name} is ${state}. Once it is deleted it is locked out until somebody enrolls it anew, at the robot.`,
      "To delete it all the same: tether robot delete ROBOT --force",
    );
  const deleted = await service.call(routes.deleteRobot, { params: { robot } });
  if (isTrouble(deleted)) return deleted;
  context.say.result(`Deleted ${name} (${robot}), and ended its sessions.`, { deleted: robot });
  return "done";
}
