import { successorsOf } from "@tether/protocol/http";
import { KeyId } from "@tether/protocol/id";
import { routes } from "@tether/sdk/api";
import { columns } from "../columns.ts";
import type { Context } from "../context.ts";
import { isTrouble, type Outcome, usage } from "../exit.ts";
import { instant } from "../instant.ts";
import { chooseRobot } from "../service/robot.ts";
import type { Invocation } from "./command.ts";

export async function keyList(context: Context, { args: [named = ""] }: Invocation): Promise<Outcome> {
  const choice = await chooseRobot(context, named);
  if (isTrouble(choice)) return choice;
  const items = await choice.service.list(routes.listCredentials, { params: { robot: choice.robot } });
  if (isTrouble(items)) return items;
  const rows = items.map(({ kid, state, registeredAt, lastProvedAt, lastInstance }) => [
    kid,
    state,
    instant(registeredAt),
    // The service records this to the hour.
    lastProvedAt === undefined ? "never" : instant(lastProvedAt),
    lastInstance,
  ]);
  const words =
    rows.length === 0 ? "None yet: tether robot code ROBOT" : columns(["KID", "STATE", "REGISTERED", "LAST PROVED", "INSTANCE"], rows);
  context.say.result(words, { items });
  return "done";
}

export async function keyRevoke(context: Context, { args: [named = "", kid = ""], flags }: Invocation): Promise<Outcome> {
  if (kid !== "all" && !KeyId.safeParse(kid).success)
    return usage("That is no id of a key.", "It has 43 characters: tether key list ROBOT");
  const choice = await chooseRobot(context, named);
  if (isTrouble(choice)) return choice;
  const before = await choice.service.list(routes.listCredentials, { params: { robot: choice.robot } });
  if (isTrouble(before)) return before;
  const all = before.filter(({ state }) => state !== "retired" && state !== "revoked").map((key) => key.kid);
  const wanted = kid === "all" ? all : [kid];
  const withSuccessors = kid === "all" || flags["with-successors"] === true;
  const query = { ...(flags.force === true && { force: "true" as const }), ...(withSuccessors && { successors: "true" as const }) };
  for (const one of wanted) {
    const revoked = await choice.service.call(routes.revokeCredential, { params: { robot: choice.robot, kid: one }, query });
    if (isTrouble(revoked)) return revoked;
  }
  // The list is read again because a holder of the key may have announced another key in the meantime.
  const after = await choice.service.list(routes.listCredentials, { params: { robot: choice.robot } });
  if (isTrouble(after)) return after;
  const successors = kid === "all" ? [] : successorsOf(after, kid).map((key) => key.kid);
  context.say.result(revokedWords(kid, wanted, successors), { revoked: kid === "all" ? wanted : kid, robot: choice.robot, successors });
  return "done";
}

function revokedWords(kid: string, revoked: readonly string[], successors: readonly string[]): string {
  const done =
    kid === "all"
      ? `Revoked ${revoked.length === 0 ? "no key: none was valid" : revoked.join(", ")}; all of the robot's sessions have ended.`
      : `Revoked ${kid}; sessions that were opened with it end at once.`;
  if (successors.length === 0) return done;
  return [
    done,
    `Keys that were announced with it are still valid: ${successors.join(", ")}. If it was stolen, run this again with --with-successors.`,
  ].join("\n");
}
