import { CredentialPage, successorsOf } from "@tether/protocol/http";
import { KeyId } from "@tether/protocol/id";
import { columns } from "../columns.ts";
import { isTrouble, type Outcome, usage } from "../exit.ts";
import { instant } from "../instant.ts";
import { chosen } from "../service/robot.ts";
import type { World } from "../world.ts";
import type { Asked } from "./command.ts";

export async function keyList(world: World, { args: [named = ""] }: Asked): Promise<Outcome> {
  const choice = await chosen(world, named);
  if (isTrouble(choice)) return choice;
  const items = await choice.service.list(`${choice.path}/credentials`, CredentialPage);
  if (isTrouble(items)) return items;
  const rows = items.map(({ kid, state, registeredAt, lastProvedAt, lastInstance }) => [
    kid,
    state,
    instant(registeredAt),
    // The service keeps it to the hour.
    lastProvedAt === undefined ? "never" : instant(lastProvedAt),
    lastInstance,
  ]);
  const words =
    rows.length === 0 ? "None yet: tether robot code ROBOT" : columns(["KID", "STATE", "REGISTERED", "LAST PROVED", "BY"], rows);
  world.say.result(words, { items });
  return "fine";
}

export async function keyRevoke(world: World, { args: [named = "", kid = ""], flags }: Asked): Promise<Outcome> {
  if (kid !== "all" && !KeyId.safeParse(kid).success)
    return usage("That is no id of a key.", "It has 43 characters: tether key list ROBOT");
  const choice = await chosen(world, named);
  if (isTrouble(choice)) return choice;
  const before = await choice.service.list(`${choice.path}/credentials`, CredentialPage);
  if (isTrouble(before)) return before;
  const all = before.filter(({ state }) => state !== "retired" && state !== "revoked").map((key) => key.kid);
  const wanted = kid === "all" ? all : [kid];
  const withSuccessors = kid === "all" || flags["with-successors"] === true;
  const query = new URLSearchParams({ ...(flags.force === true && { force: "true" }), ...(withSuccessors && { successors: "true" }) });
  for (const one of wanted) {
    const revoked = await choice.service.order("DELETE", `${choice.path}/credentials/${one}${query.size > 0 ? `?${query}` : ""}`);
    if (isTrouble(revoked)) return revoked;
  }
  // Asked again: whoever has the key may have announced another one since.
  const after = await choice.service.list(`${choice.path}/credentials`, CredentialPage);
  if (isTrouble(after)) return after;
  const successors = kid === "all" ? [] : successorsOf(after, kid).map((key) => key.kid);
  world.say.result(revokedWords(kid, wanted, successors), { revoked: kid === "all" ? wanted : kid, robot: choice.robot, successors });
  return "fine";
}

function revokedWords(kid: string, revoked: readonly string[], successors: readonly string[]): string {
  const done =
    kid === "all"
      ? `Revoked ${revoked.length === 0 ? "no key: none was good" : revoked.join(", ")}; no session goes on.`
      : `Revoked ${kid}; the sessions that stood on it end at once.`;
  if (successors.length === 0) return done;
  return [
    done,
    `Still good, and announced with it: ${successors.join(", ")}. If it was stolen, run this again with --with-successors.`,
  ].join("\n");
}
