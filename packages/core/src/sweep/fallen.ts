import type { Cause } from "@tether/protocol/cause";
import { admins } from "../access/caller.ts";
import { isRevoked } from "../access/revoked.ts";
import type { Session } from "../session/session.ts";
import type { Store } from "../store/index.ts";

/**
 * The cause for which a session may live no longer: what it stands on is gone. Whoever takes that away ends the session too;
 * this finds the one that was overlooked, because they were cut off or an index lagged. A stale look is enough for a yes.
 */
export async function fallen(env: { store: Store }, session: Session): Promise<Cause | undefined> {
  return (await look(env, session, false)) && look(env, session, true);
}

async function look({ store }: { store: Store }, { robotId, principal }: Session, consistent: boolean): Promise<Cause | undefined> {
  const { robot, credential, accessPolicy, grant } = store.entities;
  const how = { consistent };
  const there = robot.get({ robotId }).go(how);
  if (principal.type === "robot") {
    const [{ data: itself }, { data: key }] = await Promise.all([there, credential.get({ robotId, kid: principal.kid }).go(how)]);
    if (!itself) return "robot.deleted";
    // One that is merely retired was good when it was proved; the next renewal is by another.
    return !key || key.state === "revoked" ? "credential.revoked" : undefined;
  }
  const { id, by, issuedAt } = principal;
  const granted = by === admins ? undefined : grant.get({ robotId, to: by }).go(how);
  const [itself, policy, role] = await Promise.all([there, accessPolicy.get({ userId: id }).go(how), granted]);
  if (!itself.data) return "robot.deleted";
  if (isRevoked(policy.data, issuedAt)) return "user.revoked";
  // Another role is for the next renewal to bring in; only no role at all is an end.
  return by === admins || role?.data ? undefined : "grant.removed";
}
