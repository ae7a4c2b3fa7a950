import type { Grant, GrantGive } from "@tether/protocol/http";
import type { RobotId } from "@tether/protocol/id";
import { type Problem, problem } from "@tether/protocol/problem";
import { atLeast } from "@tether/protocol/role";
import { accessTo } from "../access/access.ts";
import { actorOf, type Caller } from "../access/caller.ts";
import { revokeFrom } from "../control/loss.ts";
import { restrict } from "../monitor/restrict.ts";
import type { Env } from "../session/deliver.ts";
import { listLive, standingOn } from "../session/read.ts";
import { transact } from "../store/transact.ts";
import { toItem } from "../timeline/event.ts";
import { hasOtherOwner } from "./owner.ts";

/** Gives someone a role on a robot, in place of the one they had. Only owners may. */
export async function give(env: Env, caller: Caller, robotId: RobotId, { to, role }: GrantGive): Promise<Grant | Problem> {
  const access = await accessTo(env, caller, robotId, "owner");
  if ("problem" in access) return access;
  if (role !== "owner" && !(await hasOtherOwner(env, robotId, to))) return problem("grant.last-owner");
  const at = env.clock.now();
  const actor = actorOf(caller);
  const outcome = await transact(env, ({ robot, grant, timelineEvent }) => [
    robot
      .check({ robotId })
      .where((of, { exists }) => exists(of.robotId))
      .commit(),
    grant.put({ robotId, to, role, givenAt: at, givenBy: caller.sub }).commit(),
    timelineEvent.put(toItem(env, { type: "grant.given", inferred: false, actor, evidence: { to, role } }, { robotId, at })).commit(),
  ]);
  if (outcome === "contended") return problem("unavailable");
  if (outcome !== "done") return problem("robot.unknown");
  if (!atLeast(role, "operator")) await revokeFrom(env, robotId, to, actor);
  if (!atLeast(role, "owner")) await restrict(env, standingOn(await listLive(env, robotId, "consistent"), to));
  return { to, role, givenAt: at, givenBy: caller.sub };
}
