import type { RobotId } from "@tether/protocol/id";
import type { Store } from "../store/index.ts";

/** A robot keeps one owner: whether one is left without the named grantee. */
export async function hasOtherOwner(env: { store: Store }, robotId: RobotId, grantee: string): Promise<boolean> {
  const { data } = await env.store.entities.grant.query.primary({ robotId }).go({ consistent: true, pages: "all" });
  return data.some(({ to, role }) => role === "owner" && to !== grantee);
}
