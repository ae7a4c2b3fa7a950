import { foldAddress, Grant, Grantee, GrantPage } from "@tether/protocol/http";
import { Role, roles } from "@tether/protocol/role";
import { columns } from "../columns.ts";
import { isTrouble, type Outcome, usage } from "../exit.ts";
import { instant } from "../instant.ts";
import { chosen } from "../service/robot.ts";
import type { World } from "../world.ts";
import type { Asked } from "./command.ts";

const unknown = usage("That is nobody.", "WHO is an e-mail address, email:ADDRESS, or sub:SUBJECT.");

/** An address is written in small letters, as the service keeps it. */
function granteeOf(who: string): Grantee | undefined {
  const address = /^(?:email:)?([^:@]+@.+)$/.exec(who)?.[1];
  const parsed = Grantee.safeParse(address === undefined ? who : `email:${foldAddress(address)}`);
  return parsed.success ? parsed.data : undefined;
}

export async function accessList(world: World, { args: [named = ""] }: Asked): Promise<Outcome> {
  const choice = await chosen(world, named);
  if (isTrouble(choice)) return choice;
  const items = await choice.service.list(`${choice.path}/grants`, GrantPage);
  if (isTrouble(items)) return items;
  const rows = items.map(({ to, role, givenAt, givenBy }) => [to, role, instant(givenAt), givenBy]);
  world.say.result(columns(["WHO", "ROLE", "GIVEN", "BY"], rows), { items });
  return "fine";
}

export async function accessGive(world: World, { args: [named = "", who = "", wanted = ""] }: Asked): Promise<Outcome> {
  const [to, role] = [granteeOf(who), Role.safeParse(wanted)];
  if (to === undefined) return unknown;
  if (!role.success) return usage("There is no such role.", `Roles: ${roles.join(", ")}.`);
  const choice = await chosen(world, named);
  if (isTrouble(choice)) return choice;
  const grant = await choice.service.call("PUT", `${choice.path}/grants`, Grant, { to, role: role.data });
  if (isTrouble(grant)) return grant;
  world.say.result(`${grant.to} is ${grant.role} of ${choice.robot}.`, grant);
  return "fine";
}

export async function accessTake(world: World, { args: [named = "", who = ""] }: Asked): Promise<Outcome> {
  const to = granteeOf(who);
  if (to === undefined) return unknown;
  const choice = await chosen(world, named);
  if (isTrouble(choice)) return choice;
  const taken = await choice.service.order("DELETE", `${choice.path}/grants?${new URLSearchParams({ to })}`);
  if (isTrouble(taken)) return taken;
  world.say.result(`${to} has no role on ${choice.robot} any more; the sessions that stood on it end at once.`, {
    taken: to,
    robot: choice.robot,
  });
  return "fine";
}
