import { plain } from "@tether/program/plain";
import { Robot, type Session, SessionPage, TimelinePage } from "@tether/protocol/http";
import type { Context } from "../context.ts";
import { isTrouble, type Outcome, usage } from "../exit.ts";
import { instant, readDuration } from "../instant.ts";
import { chooseRobot } from "../service/robot.ts";
import type { Invocation } from "./command.ts";

type Item = TimelinePage["items"][number];

/** A robot's story in plain words, newest last, and at its end how the robot is now. */
export async function why(context: Context, { args: [named = ""], flags }: Invocation): Promise<Outcome> {
  const { since = "1d" } = flags;
  const backMs = readDuration(String(since));
  if (backMs === undefined) return usage("--since takes a time like 90s, 30m, 2h or 7d.");
  const choice = await chooseRobot(context, named);
  if (isTrouble(choice)) return choice;
  const { service, path } = choice;
  const from = context.clock.now() - backMs;
  const robot = await service.call("GET", path, Robot);
  if (isTrouble(robot)) return robot;
  const told = await service.list(`${path}/timeline`, TimelinePage, (page) => page.some(({ at }) => at < from));
  if (isTrouble(told)) return told;
  // The live ones come first, then the latest: the first one of the robot says how it is.
  const sessions = await service.call("GET", `${path}/sessions`, SessionPage);
  if (isTrouble(sessions)) return sessions;
  const items = told.filter(({ at }) => at >= from).reverse();
  const latest = sessions.items.find(({ kind }) => kind === "robot");
  const words = [
    `${plain(robot.name)} (${robot.id}), the last ${String(since)}:`,
    items.length === 0 ? "Nothing happened." : items.map(line).join("\n"),
    `Now: ${now(latest)}`,
  ];
  context.say.result(words.join("\n\n"), { robot, items, session: latest });
  return "done";
}

const indent = " ".repeat("2026-06-01T12:00:00Z  ".length);

function line({ at, says, cause, evidence, remedy }: Item): string {
  // The store gives them in any order.
  const facts = Object.entries(evidence ?? {})
    .map(([name, value]) => `${name} ${value}`)
    .sort();
  return [
    `${instant(at)}  ${plain(says)}`,
    // Of what has no cause the sentence says it all.
    ...(cause !== undefined && facts.length > 0 ? [`${indent}Evidence: ${plain(facts.join(", "))}`] : []),
    ...(remedy === undefined ? [] : [`${indent}→ ${plain(remedy)}`]),
  ].join("\n");
}

function now(session: Session | undefined): string {
  if (!session) return "the robot has not been online yet. → Enroll it (tether robot code ROBOT) and start its agent.";
  const { state, since, ending, backBy } = session;
  const back = backBy === undefined ? "" : ` It is waited for until ${instant(backBy)}.`;
  const cause = ending && state !== "online" ? ` ${plain(ending.says)}${back} → ${plain(ending.remedy)}` : back;
  return `the robot is ${state === "ended" ? "gone" : state} since ${instant(since)}.${cause}`;
}
