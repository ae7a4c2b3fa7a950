import { printable } from "@tether/program/printable";
import { fieldsOf } from "@tether/protocol/field";
import { type Robot, RobotChange } from "@tether/protocol/http";
import { routes } from "@tether/sdk/api";
import { columns } from "../columns.ts";
import type { Context } from "../context.ts";
import { isTrouble, type Outcome, usage } from "../exit.ts";
import { chooseRobot } from "../service/robot.ts";
import type { Invocation } from "./command.ts";

export async function robotShow(context: Context, { args: [named = ""] }: Invocation): Promise<Outcome> {
  const choice = await chooseRobot(context, named);
  if (isTrouble(choice)) return choice;
  const robot = await choice.service.call(routes.getRobot, { params: { robot: choice.robot } });
  if (isTrouble(robot)) return robot;
  context.say.result(wordsOf(robot), robot);
  return "done";
}

export async function robotSet(context: Context, { args: [named = ""], flags }: Invocation): Promise<Outcome> {
  const wanted = RobotChange.safeParse(changeIn(flags));
  if (!wanted.success) {
    const wrong = fieldsOf(wanted.error.issues).map((field) => `--${flagOf[field] ?? field}`);
    return usage(`What ${wrong.join(" and ")} says cannot be set.`, "Its bounds: tether robot set --help");
  }
  if (Object.keys(wanted.data).length === 0) return usage("There is nothing to set.", "See tether robot set --help.");
  const choice = await chooseRobot(context, named);
  if (isTrouble(choice)) return choice;
  const robot = await choice.service.call(routes.changeRobot, { params: { robot: choice.robot }, body: wanted.data });
  if (isTrouble(robot)) return robot;
  context.say.result(wordsOf(robot), robot);
  return "done";
}

/** The option for each setting of the service. */
const flagOf: Readonly<Record<string, string>> = {
  "control.deadmanMs": "deadman",
  "control.maxAgeMs": "max-age",
  "control.blindMs": "blind",
  "control.stopMs": "stop-blind",
  "control.maxLinear": "max-linear",
  "control.maxAngular": "max-angular",
  "control.unanswered": "unanswered",
  "control.takers": "takers",
  "grace.robotMs": "robot-grace",
  "grace.clientMs": "client-grace",
};

/** The request's body: the settings that were named on the command line, and no others. */
function changeIn(flags: Invocation["flags"]): object {
  const part = (settings: object) => {
    const named = Object.entries(settings).filter(([, value]) => value !== undefined);
    return named.length > 0 ? Object.fromEntries(named) : undefined;
  };
  const number = (text: string | boolean | undefined, times = 1) => (text === undefined ? undefined : Number(text || "none") * times);
  const { deadman, unanswered, takers } = flags;
  const orOff = (text: string | boolean | undefined) => (text === "off" ? null : number(text));
  const blind = { blindMs: orOff(flags.blind), stopMs: number(flags["stop-blind"]) };
  const most = { maxLinear: orOff(flags["max-linear"]), maxAngular: orOff(flags["max-angular"]) };
  const control = part({ deadmanMs: number(deadman), maxAgeMs: number(flags["max-age"]), ...blind, ...most, unanswered, takers });
  const grace = part({ robotMs: number(flags["robot-grace"], 1_000), clientMs: number(flags["client-grace"], 1_000) });
  return { ...(control && { control }), ...(grace && { grace }) };
}

function wordsOf({ id, name, role, control, grace }: Robot): string {
  const { deadmanMs, maxAgeMs, blindMs, stopMs, maxLinear, maxAngular, unanswered, takers } = control;
  return columns(
    [printable(name), id],
    [
      ["Your role", role],
      ["Stops without a command for", `${deadmanMs} ms`],
      ["Obeys no command older than", `${maxAgeMs} ms`],
      ["Goes slower when picture and command are older than", blindMs === null ? "off" : `${blindMs} ms`],
      ["Stops when they are older than", blindMs === null ? "off" : `${stopMs} ms`],
      ["Goes at most", maxLinear === null ? "as fast as it can" : `${maxLinear} m/s`],
      ["Turns at most", maxAngular === null ? "as fast as it can" : `${maxAngular} rad/s`],
      ["A request nobody answers", unanswered === "grant" ? "is granted" : "is denied"],
      ["May take control", takers === "owner" ? "owners" : "operators and owners"],
      ["Waits for the robot's connection", `${grace.robotMs / 1_000} s`],
      ["Waits for a client's connection", `${grace.clientMs / 1_000} s`],
    ],
  );
}
