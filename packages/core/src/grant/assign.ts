import type { Grant, GrantGive } from "@tether/protocol/http";
import type { RobotId } from "@tether/protocol/id";
import { type Problem, problem } from "@tether/protocol/problem";
import { atLeast } from "@tether/protocol/role";
import { accessTo } from "../access/access.ts";
import { actorOf, type Caller } from "../access/caller.ts";
import { revokeControl } from "../delivery/control.ts";
import type { Env } from "../delivery/notify.ts";
import { listLive, sessionsOn } from "../live/read.ts";
import { restrict } from "../monitor/restrict.ts";
import { robotExists } from "../store/condition.ts";
import { transact } from "../store/transact.ts";
import { toItem } from "../timeline/event.ts";
import { attempts, ownerStays, ownership } from "./owner.ts";

/** Gives someone a role on a robot, in place of the one they had. Only owners may. */
export async function assign(env: Env, caller: Caller, robotId: RobotId, { to, role }: GrantGive): Promise<Grant | Problem> {
  const access = await accessTo(env, caller, robotId, "owner");
  if ("problem" in access) return access;
  const given = await write(env, caller, robotId, { to, role });
  if ("problem" in given) return given;
  const actor = actorOf(caller);
  if (!atLeast(role, "operator")) await revokeControl(env, robotId, to, actor);
  if (!atLeast(role, "owner")) await restrict(env, sessionsOn(await listLive(env, robotId, "consistent"), to));
  return given;
}

async function write(env: Env, caller: Caller, robotId: RobotId, { to, role }: GrantGive): Promise<Grant | Problem> {
  const at = env.clock.now();
  const given = { to, role, givenAt: at, givenBy: caller.sub };
  const entry = { type: "grant.given", inferred: false, actor: actorOf(caller), evidence: { to, role } } as const;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const before = role === "owner" ? undefined : await ownership(env, robotId, to);
    if (before && "problem" in before) return before;
    const outcome = await transact(env, (entities) => {
      const put = entities.grant.put({ robotId, ...given });
      return {
        robot: robotExists(entities, robotId),
        // A grantee who became an owner meanwhile must not be overwritten: nothing was checked about another owner.
        grant: (before && before.role !== "owner"
          ? put.where((of, { ne, notExists }) => `${notExists(of.role)} OR ${ne(of.role, "owner")}`)
          : put
        ).commit(),
        owner: before?.role === "owner" ? ownerStays(entities, robotId, before.other) : undefined,
        event: entities.timelineEvent.put(toItem(env, entry, { robotId, at })).commit(),
      };
    });
    if (outcome === "done") return given;
    if (outcome.has("robot")) return problem("robot.unknown");
  }
  return problem("unavailable");
}
