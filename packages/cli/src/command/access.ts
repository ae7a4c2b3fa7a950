import { foldAddress, Grantee } from "@tether/protocol/http";
import { Role, roles } from "@tether/protocol/role";
import { routes } from "@tether/sdk/api";
import { columns } from "../columns.ts";
import type { Context } from "../context.ts";
import { isTrouble, type Outcome, usage } from "../exit.ts";
import { instant } from "../instant.ts";
import { chooseRobot } from "../service/robot.ts";
import { readSignIn } from "../sign-in/stored.ts";
import type { Invocation } from "./command.ts";

const unknown = usage("WHO is not a person that access can be given to.", "WHO is an e-mail address, email:ADDRESS, or sub:SUBJECT.");

/** Reads WHO. An address is written in small letters, because the service stores it so. */
function granteeOf(who: string): Grantee | undefined {
  const address = /^(?:email:)?([^:@]+@.+)$/.exec(who)?.[1];
  const parsed = Grantee.safeParse(address === undefined ? who : `email:${foldAddress(address)}`);
  return parsed.success ? parsed.data : undefined;
}

export async function accessList(context: Context, { args: [named = ""] }: Invocation): Promise<Outcome> {
  const choice = await chooseRobot(context, named);
  if (isTrouble(choice)) return choice;
  const items = await choice.service.list(routes.listGrants, { params: { robot: choice.robot } });
  if (isTrouble(items)) return items;
  const kept = await readSignIn(context);
  const me = isTrouble(kept) ? undefined : kept.user.id;
  const rows = items.map(({ to, role, givenAt, givenBy }) => [
    to === `sub:${me}` ? `${to} (you)` : to,
    role,
    instant(givenAt),
    givenBy === me ? "you" : givenBy,
  ]);
  context.say.result(columns(["WHO", "ROLE", "GIVEN", "BY"], rows), { items });
  return "done";
}

export async function accessAssign(context: Context, { args: [named = "", who = "", wanted = ""] }: Invocation): Promise<Outcome> {
  const [to, role] = [granteeOf(who), Role.safeParse(wanted)];
  if (to === undefined) return unknown;
  if (!role.success) return usage("There is no such role.", `Roles: ${roles.join(", ")}.`);
  const choice = await chooseRobot(context, named);
  if (isTrouble(choice)) return choice;
  const grant = await choice.service.call(routes.assignGrant, { params: { robot: choice.robot }, body: { to, role: role.data } });
  if (isTrouble(grant)) return grant;
  context.say.result(`${grant.to} is ${grant.role} of ${choice.robot}.`, grant);
  return "done";
}

export async function accessRevoke(context: Context, { args: [named = "", who = ""] }: Invocation): Promise<Outcome> {
  const to = granteeOf(who);
  if (to === undefined) return unknown;
  const choice = await chooseRobot(context, named);
  if (isTrouble(choice)) return choice;
  const revoked = await choice.service.call(routes.revokeGrant, { params: { robot: choice.robot }, query: { to } });
  if (isTrouble(revoked)) return revoked;
  context.say.result(`${to} has no role on ${choice.robot} any more; sessions that relied on it end at once.`, {
    revoked: to,
    robot: choice.robot,
  });
  return "done";
}
