import type { Cause } from "@tether/protocol/cause";
import type { RobotId } from "@tether/protocol/id";
import type { Role } from "@tether/protocol/role";
import { grantStands, type KeyState, keyIs, robotExists, userUnrevoked } from "../store/condition.ts";
import type { Store } from "../store/index.ts";
import type { Principal } from "../store/principal.ts";
import { readItems } from "../store/read-items.ts";
import type { Entities } from "../store/transact.ts";
import { admins } from "./caller.ts";
import { isRevoked } from "./revoked.ts";

/** The principal and robot that a right is about. The right stands on the robot, and on a robot's key or a user's sign-in and grant. */
type About = { readonly robotId: RobotId; readonly principal: Principal };

/** A robot's key that may prove a connection. */
const usable: readonly KeyState[] = ["pending", "active", "retiring"];

/**
 * The right as conditions of a transaction. Without `among` a grant must give the very role that the principal was given. Each is a
 * condition on an item that others share, so transactions that have it wait for each other.
 */
export function stands(entities: Entities, { robotId, principal }: About, among?: readonly Role[]) {
  const robot = robotExists(entities, robotId);
  if (principal.type === "robot") return { robot, key: keyIs(entities, { robotId, kid: principal.kid }, usable) };
  const { id, issuedAt, by, role } = principal;
  const grant = by === admins ? undefined : grantStands(entities, { robotId, to: by }, among ?? [role]);
  return { robot, user: userUnrevoked(entities, { id, issuedAt }), grant };
}

/** The items that a principal's right stands on, as they were read; `null` where an item is gone. */
export type Standing = About & {
  readonly robot: { readonly movedTo?: string | undefined } | null;
  readonly key?: { readonly state: KeyState } | null | undefined;
  readonly policy?: { readonly revokedBefore: number } | null | undefined;
  readonly grant?: { readonly role: Role } | null | undefined;
};

/** Reads what a principal's right stands on, in one request. */
export async function readStanding(
  { store }: { store: Store },
  { robotId, principal }: About,
  read: "consistent" | "stale" = "consistent",
): Promise<Standing> {
  const user = principal.type === "user" ? principal : undefined;
  const found = await readItems(
    store,
    ({ robot, credential, accessPolicy, grant }) => ({
      robot: robot.get({ robotId }),
      key: principal.type === "robot" ? credential.get({ robotId, kid: principal.kid }) : undefined,
      policy: user && accessPolicy.get({ userId: user.id }),
      grant: user && user.by !== admins ? grant.get({ robotId, to: user.by }) : undefined,
    }),
    read,
  );
  return { robotId, principal, ...found };
}

/** Whether the right stands as `stands` asks for it. */
export function isStanding(standing: Standing): boolean {
  const { principal, key, grant } = standing;
  if (lostBy(standing) || hasMoved(standing)) return false;
  if (principal.type === "robot") return key?.state !== undefined && usable.includes(key.state);
  return principal.by === admins || grant?.role === principal.role;
}

/** Whether its robot is another cell's, or about to be: nothing begins here any more, and nothing ends for that. */
export function hasMoved({ robot }: Pick<Standing, "robot">): boolean {
  return robot?.movedTo !== undefined;
}

/** The cause for which a session that has this right may live no longer. */
export function lostBy({ principal, robot, key, policy, grant }: Standing): Cause | undefined {
  if (!robot) return "robot.deleted";
  // A key that is merely retired was good when it was proved; the next renewal is by another.
  if (principal.type === "robot") return !key || key.state === "revoked" ? "credential.revoked" : undefined;
  if (isRevoked(policy, principal.issuedAt)) return "user.revoked";
  // Another role is for the next renewal to bring in; only no role at all is an end.
  return grant === null ? "grant.removed" : undefined;
}
