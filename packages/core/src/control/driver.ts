import { limits } from "@tether/protocol/limits";
import { type Problem, problem } from "@tether/protocol/problem";
import { atLeast, type Role, roles } from "@tether/protocol/role";
import { stands } from "../access/standing.ts";
import { applyDue } from "../delivery/control.ts";
import type { Env as Delivery } from "../delivery/notify.ts";
import { type Live, own, readLive, slotOf } from "../live/read.ts";
import { checkSender } from "../live/sender.ts";
import type { Identity, Online, Session } from "../live/session.ts";
import { sessionOnline } from "../store/condition.ts";
import type { Holder } from "../store/holder.ts";
import type { Principal } from "../store/principal.ts";
import type { Entities } from "../store/transact.ts";
import type { ControlKeys } from "./key-ring.ts";

export type Env = Delivery & { controlKeys: ControlKeys };

type User = Extract<Principal, { type: "user" }>;

/** A session that may drive: an operator's or an owner's, online. */
export type Driver = Online & { readonly principal: User };

export function canDrive(session: Session | undefined, needed: Role = "operator"): session is Driver {
  return session?.state === "online" && session.principal.type === "user" && atLeast(session.principal.role, needed);
}

/** Admits the sender of a control frame, with the lease brought up to date. Viewers and robots are refused. */
export async function admit(env: Env, identity: Identity): Promise<{ driver: Driver; live: Live } | Problem> {
  const read = await readLive(env, identity.robotId, "consistent");
  const session = own(read, identity);
  const refused = checkSender(session, identity, env.clock.now());
  if (refused) return refused;
  if (!canDrive(session)) return problem("access.denied");
  return { driver: session, live: await applyDue(env, read) };
}

/** The conditions under which a driver is given control, whatever was read before. */
export function drives(entities: Entities, driver: Driver, needed: Role = "operator") {
  const { robotId, sessionId } = driver;
  const session = sessionOnline(entities, { robotId, slot: slotOf(driver) }, sessionId);
  return { session, ...stands(entities, driver, roles.slice(roles.indexOf(needed))) };
}

/** The driver as a holder. Control never outlives the lease of who holds it. */
export function holding(
  { sessionId, instance, principal, authExpiresAt }: Driver,
  now: number,
): { to: Omit<Holder, "since">; expiresAt: number } {
  const { id, name } = principal;
  // A user's session is a client's.
  const to = { sessionId: sessionId as Holder["sessionId"], instance, user: { id, ...(name !== undefined && { name }) } };
  return { to, expiresAt: Math.min(now + limits.control.leaseMs, authExpiresAt) };
}
