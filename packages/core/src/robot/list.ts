import { atLeast, type Role } from "@tether/protocol/role";
import { admins, type Caller, granteesOf } from "../access/caller.ts";
import { unrevoked } from "../access/revoked.ts";
import type { Clock } from "../clock.ts";
import type { Store } from "../store/index.ts";
import { presences } from "./presence.ts";
import { type Robot, shown } from "./robot.ts";

/** The robots a caller was granted, by whichever of the caller's names, and how they stand; the strongest role where several name one robot. */
export async function list(env: { store: Store; clock: Clock }, caller: Caller, page: { cursor?: string | undefined; limit: number }) {
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
  const [{ data }, standing] = await Promise.all([
    env.store.entities.robot.get(wanted.map((robotId) => ({ robotId }))).go(),
    presences(env, wanted),
  ]);
  const items = data
    .map((robot): Robot => {
      const presence = standing.get(robot.robotId);
      const role = caller.groups.includes(admins) ? "owner" : (roles.get(robot.robotId) ?? "viewer");
      return { ...shown(robot, role), ...(presence && { presence }) };
    })
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  return { items, cursor: ids.length > from + page.limit ? wanted.at(-1) : undefined };
}
