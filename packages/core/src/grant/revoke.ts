import type { RobotId } from "@tether/protocol/id";
import { type Problem, problem } from "@tether/protocol/problem";
import { accessTo } from "../access/access.ts";
import { actorOf, type Caller } from "../access/caller.ts";
import type { Env } from "../delivery/notify.ts";
import { listLive } from "../live/read.ts";
import { endWhat } from "../session/end.ts";
import { robotExists } from "../store/condition.ts";
import type { Principal } from "../store/principal.ts";
import { transact } from "../store/transact.ts";
import { toItem } from "../timeline/event.ts";
import { attempts, ownerStays, ownership } from "./owner.ts";

/**
 * Takes someone's role on a robot away. Sessions that stand on that grant end, and are told why. Only owners may. A grant that is
 * gone is unknown, unless a session stood on it still: then an earlier call was cut off, and this one finishes it.
 */
export async function revoke(env: Env, caller: Caller, robotId: RobotId, to: string): Promise<Problem | undefined> {
  const access = await accessTo(env, caller, robotId, "owner");
  if ("problem" in access) return access;
  const actor = actorOf(caller);
  const removed = await remove(env, caller, robotId, to);
  if (typeof removed === "object") return removed;
  const standsOn = (principal: Principal) => principal.type === "user" && principal.by === to;
  const live = await listLive(env, robotId, "consistent");
  const left = live.filter(({ principal, pending }) => standsOn(principal) || (pending && standsOn(pending.principal)));
  const ending = { cause: "grant.removed", actor, inferred: false } as const;
  await Promise.all(left.map((session) => endWhat(env, session, standsOn, ending)));
  return removed === "removed" || left.length > 0 ? undefined : problem("grant.unknown");
}

async function remove(env: Env, caller: Caller, robotId: RobotId, to: string): Promise<"removed" | "none" | Problem> {
  const entry = { type: "grant.removed", inferred: false, actor: actorOf(caller), evidence: { to } } as const;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const before = await ownership(env, robotId, to);
    if ("problem" in before) return before;
    const { role, other } = before;
    if (role === undefined) return "none";
    const outcome = await transact(env, (entities) => ({
      robot: robotExists(entities, robotId),
      grant: entities.grant
        .remove({ robotId, to })
        .where((of, { eq, ne }) => (role === "owner" ? eq(of.role, "owner") : ne(of.role, "owner")))
        .commit(),
      owner: role === "owner" ? ownerStays(entities, robotId, other) : undefined,
      event: entities.timelineEvent.put(toItem(env, entry, { robotId, at: env.clock.now() })).commit(),
    }));
    if (outcome === "done") return "removed";
    if (outcome.has("robot")) return problem("robot.unknown");
  }
  return problem("unavailable");
}
