import { admins } from "../access/caller.ts";
import { stillGood } from "../access/revoked.ts";
import type { Entities } from "../store/transact.ts";
import type { Claims } from "./claims.ts";

/** The conditions under which a ticket holds until it is redeemed: robot, key or grant, and user still stand. */
export function standing(entities: Entities, { robotId, principal }: Claims) {
  const { robot, credential, grant } = entities;
  const exists = robot
    .check({ robotId })
    .where((of, { exists }) => exists(of.robotId))
    .commit();
  if (principal.type === "robot") {
    const usable = credential
      .check({ robotId, kid: principal.kid })
      .where(({ state }, { eq }) => `${eq(state, "active")} OR ${eq(state, "pending")} OR ${eq(state, "retiring")}`)
      .commit();
    return [exists, usable];
  }
  const unrevoked = stillGood(entities, principal);
  if (principal.by === admins) return [exists, unrevoked];
  const granted = grant
    .check({ robotId, to: principal.by })
    .where(({ role }, { eq }) => eq(role, principal.role))
    .commit();
  return [exists, unrevoked, granted];
}
