import type { Grant } from "@tether/protocol/http";
import type { RobotId } from "@tether/protocol/id";
import { accessTo } from "../access/access.ts";
import type { Caller } from "../access/caller.ts";
import type { Store } from "../store/index.ts";

/** The grants of a robot, which its owners may see. */
export async function list(env: { store: Store }, caller: Caller, robotId: RobotId, page: { cursor?: string | undefined; limit: number }) {
  const access = await accessTo(env, caller, robotId, "owner");
  if ("problem" in access) return access;
  const { data, cursor } = await env.store.entities.grant.query.primary({ robotId }).go({ limit: page.limit, cursor: page.cursor ?? null });
  const items = data.map(({ to, role, givenAt, givenBy }): Grant => ({ to, role, givenAt, givenBy }));
  return { items, cursor: cursor ?? undefined };
}
