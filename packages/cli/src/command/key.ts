import { CredentialPage } from "@tether/protocol/http";
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
  if (!KeyId.safeParse(kid).success) return usage("That is no id of a key.", "It has 43 characters: tether key list ROBOT");
  const choice = await chosen(world, named);
  if (isTrouble(choice)) return choice;
  const revoked = await choice.service.order("DELETE", `${choice.path}/credentials/${kid}${flags.force === true ? "?force=true" : ""}`);
  if (isTrouble(revoked)) return revoked;
  world.say.result(`Revoked ${kid}; the sessions that stood on it end at once.`, { revoked: kid, robot: choice.robot });
  return "fine";
}
