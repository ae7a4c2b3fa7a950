import type { Cause } from "@tether/protocol/cause";
import type { RobotId } from "@tether/protocol/id";
import type { Principal } from "../session/session.ts";
import type { Store } from "../store/index.ts";
import { readItems } from "../store/read-items.ts";
import { admins } from "./caller.ts";
import { isRevoked } from "./revoked.ts";

type About = { readonly robotId: RobotId; readonly principal: Principal };

/** What a principal's right at a robot stands on, as it was read; `null` where an item is gone. */
export type Standing = About & {
  readonly robot: object | null;
  readonly key?: { readonly state: string } | null | undefined;
  readonly policy?: { readonly revokedBefore: number } | null | undefined;
  readonly grant?: { readonly role: string } | null | undefined;
};

/** Reads what a principal's right stands on, in one request. */
export async function readStanding(
  { store }: { store: Store },
  { robotId, principal }: About,
  read: "consistent" | "stale",
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

/** The cause for which a session that stands on this may live no longer. */
export function lostBy({ principal, robot, key, policy, grant }: Standing): Cause | undefined {
  if (!robot) return "robot.deleted";
  // A key that is merely retired was good when it was proved; the next renewal is by another.
  if (principal.type === "robot") return !key || key.state === "revoked" ? "credential.revoked" : undefined;
  if (isRevoked(policy, principal.issuedAt)) return "user.revoked";
  // Another role is for the next renewal to bring in; only no role at all is an end.
  return grant === null ? "grant.removed" : undefined;
}
