import { SessionId } from "@tether/protocol/id";
import { routes } from "@tether/sdk/api";
import { columns } from "../columns.ts";
import type { Context } from "../context.ts";
import { isTrouble, type Outcome, usage } from "../exit.ts";
import { instant } from "../instant.ts";
import { chooseRobot } from "../service/robot.ts";
import type { Invocation } from "./command.ts";

/** Reads the first page alone: live sessions come first, and there can be thousands of past ones. */
export async function sessionList(context: Context, { args: [named = ""] }: Invocation): Promise<Outcome> {
  const choice = await chooseRobot(context, named);
  if (isTrouble(choice)) return choice;
  const page = await choice.service.call(routes.listSessions, { params: { robot: choice.robot } });
  if (isTrouble(page)) return page;
  const rows = page.items.map(({ id, kind, state, since, user, ending }) => [
    id,
    kind === "robot" ? "the robot" : (user?.name ?? user?.id),
    state,
    instant(since),
    ending?.says,
  ]);
  const words = rows.length === 0 ? "None yet." : columns(["SESSION", "OF", "STATE", "SINCE", "WHY"], rows);
  context.say.result(words, { items: page.items });
  return "done";
}

export async function sessionEnd(context: Context, { args: [named = "", session = ""], flags }: Invocation): Promise<Outcome> {
  if (!SessionId.safeParse(session).success)
    return usage("That is no id of a session.", "It begins with rse_ or cse_: tether session list ROBOT");
  const choice = await chooseRobot(context, named);
  if (isTrouble(choice)) return choice;
  const reason = flags.reason === undefined ? {} : { reason: String(flags.reason) };
  const ended = await choice.service.call(routes.endSession, { params: { robot: choice.robot, session }, body: reason });
  if (isTrouble(ended)) return ended;
  context.say.result(`Ended ${session}.`, { ended: session, robot: choice.robot });
  return "done";
}
