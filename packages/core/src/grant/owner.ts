import type { RobotId } from "@tether/protocol/id";
import { grantStands } from "../store/condition.ts";
import type { Store } from "../store/index.ts";
import type { Entities } from "../store/transact.ts";

/** How a grantee stands among the owners of a robot. `other` is an owner that is left without the grantee. */
export type Ownership = { readonly role: "owner" | "less" | "none"; readonly other: string | undefined };

/** Grants of the robot changed while they were looked at, so many times in a row: try later. */
export const attempts = 5;

export async function ownership(env: { store: Store }, robotId: RobotId, grantee: string): Promise<Ownership> {
  const { data } = await env.store.entities.grant.query.primary({ robotId }).go({ consistent: true, pages: "all" });
  const own = data.find(({ to }) => to === grantee);
  return {
    role: own === undefined ? "none" : own.role === "owner" ? "owner" : "less",
    other: data.find(({ to, role }) => role === "owner" && to !== grantee)?.to,
  };
}

/**
 * The condition of a write that makes an owner less: another one stays. Two owners who demote each other at once write what the
 * other's condition looks at, so that one of them is refused.
 */
export function ownerStays(entities: Entities, robotId: RobotId, other: string) {
  return grantStands(entities, { robotId, to: other }, ["owner"]);
}
