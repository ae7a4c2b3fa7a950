import { atLeast, type Role } from "@tether/protocol/role";
import { admins, type Caller, granteesOf } from "../access/caller.ts";
import { unrevoked } from "../access/revoked.ts";
import type { Store } from "../store/index.ts";
import { type Robot, shown } from "./robot.ts";

/** The robots a caller was granted, by whichever of the caller's names; the strongest role where several name one robot. */
export async function list(env: { store: Store }, caller: Caller, page: { cursor?: string | undefined; limit: number }) {
  const grantees = granteesOf(caller);
  const [refused, ...pages] = await Promise.all([
    unrevoked(env, caller),
    ...grantees.map((to) => env.store.entities.grant.query.byUser({ to }).go({ pages: "all" })),
  ]);
  if (refused) return refused;
  const roles = new Map<string, Role>();
  for (const { robotId, role } of pages.flatMap(({ data }) => data)) {
    const known = roles.get(robotId);
    if (known === undefined || atLeast(role, known)) roles.set(robotId, role);
  }
  const ids = [...roles.keys()].sort();
  const from = page.cursor === undefined ? 0 : ids.findIndex((id) => id > (page.cursor ?? ""));
  const wanted = from === -1 ? [] : ids.slice(from, from + page.limit);
  const { data } = wanted.length === 0 ? { data: [] } : await env.store.entities.robot.get(wanted.map((robotId) => ({ robotId }))).go();
  const items: Robot[] = data
    .map((robot) => shown(robot, caller.groups.includes(admins) ? "owner" : (roles.get(robot.robotId) ?? "viewer")))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  return { items, cursor: ids.length > from + page.limit ? wanted.at(-1) : undefined };
}
