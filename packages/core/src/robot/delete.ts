import type { RobotId } from "@tether/protocol/id";
import { type Problem, problem } from "@tether/protocol/problem";
import { accessToWhatIsLeft } from "../access/access.ts";
import { actorOf, type Caller } from "../access/caller.ts";
import { hasLeft } from "../cell/directory.ts";
import type { Env } from "../delivery/notify.ts";
import { readLive } from "../live/read.ts";
import { end } from "../session/end.ts";
import { transact } from "../store/transact.ts";
import { toItem } from "../timeline/event.ts";

/**
 * Deletes a robot with its keys and grants: from that write on no ticket is issued or redeemed. Then its live sessions
 * end, each told why. The timeline and the history stay for as long as they are kept. Asked again by an owner, it finishes
 * what an earlier call left.
 */
export async function remove(env: Env, caller: Caller, robotId: RobotId): Promise<Problem | undefined> {
  const access = await accessToWhatIsLeft(env, caller, robotId, "owner");
  if ("problem" in access) return access;
  const at = env.clock.now();
  const actor = actorOf(caller);
  const outcome =
    access.robot &&
    (await transact(env, ({ robot, timelineEvent }) => ({
      robot: robot
        .remove({ robotId })
        .where(({ movedTo }, { notExists }) => notExists(movedTo))
        .commit(),
      event: timelineEvent.put(toItem(env, { type: "robot.deleted", inferred: false, actor }, { robotId, at })).commit(),
    })));
  const { entities } = env.store;
  // Refused, because the robot began to move or somebody else deleted it. One that moves takes its keys, grants and sessions along.
  if (access.robot && outcome !== "done" && (await hasLeft(env, robotId))) return problem("robot.moving");
  const ending = { cause: "robot.deleted", actor, inferred: false } as const;
  const { sessions, control } = await readLive(env, robotId, "consistent");
  await Promise.all(sessions.map((session) => end(env, session, ending)));
  const [grants, keys] = await Promise.all([
    entities.grant.query.primary({ robotId }).go({ pages: "all" }),
    entities.credential.query.primary({ robotId }).go({ pages: "all" }),
  ]);
  // Without the robot they permit nothing: these only tidy up.
  await Promise.all([
    entities.credential.delete(keys.data).go(),
    // The lease stays for its epoch: a robot created again with the same idempotency key goes on from there.
    control.policy && entities.controlLease.patch({ robotId }).remove(["policy"]).add({ version: 1 }).go(),
  ]);
  // The last, as they let an owner ask again.
  await entities.grant.delete(grants.data).go();
  const left = sessions.length + grants.data.length + keys.data.length;
  return outcome === "done" || left > 0 ? undefined : problem("robot.unknown");
}
