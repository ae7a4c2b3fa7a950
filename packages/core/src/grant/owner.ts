import type { RobotId } from "@tether/protocol/id";
import { type Problem, problem } from "@tether/protocol/problem";
import type { Role } from "@tether/protocol/role";
import { grantStands } from "../store/condition.ts";
import type { Store } from "../store/index.ts";
import type { Entities } from "../store/transact.ts";

/** A grantee's role on a robot, if any, and an owner that is left without the grantee. */
export type Ownership = { readonly role: Role | undefined; readonly other: string };

/** Grants of the robot changed while they were looked at, so many times in a row: try later. */
export const attempts = 5;

/** Reads what a change of the grantee's role depends on. It is refused where no other owner is left. */
export async function ownership(env: { store: Store }, robotId: RobotId, grantee: string): Promise<Ownership | Problem> {
  const { data } = await env.store.entities.grant.query.primary({ robotId }).go({ consistent: true, pages: "all" });
  const other = data.find(({ to, role }) => role === "owner" && to !== grantee);
  if (!other) return problem("grant.last-owner");
  return { role: data.find(({ to }) => to === grantee)?.role, other: other.to };
}

/**
 * The condition of a write that makes an owner less: another one stays. Two owners who demote each other at once write what the
 * other's condition looks at, so that one of them is refused.
 */
export function ownerStays(entities: Entities, robotId: RobotId, other: string) {
  return grantStands(entities, { robotId, to: other }, ["owner"]);
}
