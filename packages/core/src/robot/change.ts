import type { RobotId } from "@tether/protocol/id";
import { type Problem, problem } from "@tether/protocol/problem";
import { accessTo } from "../access/access.ts";
import { actorOf, type Caller } from "../access/caller.ts";
import type { Env as Delivery } from "../session/deliver.ts";
import { end } from "../session/end.ts";
import { listLive } from "../session/read.ts";
import { transact } from "../store/transact.ts";
import { toItem } from "../timeline/event.ts";
import { type Robot, shown } from "./robot.ts";

type Env = Omit<Delivery, "outbox">;

export async function read(env: Env, caller: Caller, robotId: RobotId): Promise<Robot | Problem> {
  const access = await accessTo(env, caller, robotId);
  return "problem" in access ? access : shown(access.robot, access.role);
}

export async function rename(env: Env, caller: Caller, robotId: RobotId, name: string): Promise<Robot | Problem> {
  const access = await accessTo(env, caller, robotId, "owner");
  if ("problem" in access) return access;
  const at = env.clock.now();
  const actor = actorOf(caller);
  const outcome = await transact(env, ({ robot, timelineEvent }) => [
    robot.patch({ robotId }).set({ name }).commit(),
    timelineEvent.put(toItem(env, { type: "robot.renamed", inferred: false, actor }, { robotId, at })).commit(),
  ]);
  if (outcome === "contended") return problem("unavailable");
  return outcome === "done" ? shown({ ...access.robot, name }, access.role) : problem("robot.unknown");
}

/**
 * Deletes a robot with its keys and grants: from that write on no ticket is issued or redeemed. Then its live sessions
 * end, each told why. The timeline and the history stay for as long as they are kept.
 */
export async function remove(env: Delivery, caller: Caller, robotId: RobotId): Promise<Problem | undefined> {
  const access = await accessTo(env, caller, robotId, "owner");
  if ("problem" in access) return access;
  const at = env.clock.now();
  const actor = actorOf(caller);
  const outcome = await transact(env, ({ robot, timelineEvent }) => [
    robot.remove({ robotId }).commit(),
    timelineEvent.put(toItem(env, { type: "robot.deleted", inferred: false, actor }, { robotId, at })).commit(),
  ]);
  if (outcome === "contended") return problem("unavailable");
  const { entities } = env.store;
  const ending = { cause: "robot.deleted", actor, inferred: false } as const;
  const live = await listLive(env, robotId, "consistent");
  await Promise.all(live.map((session) => end(env, session, ending)));
  const [grants, keys] = await Promise.all([
    entities.grant.query.primary({ robotId }).go({ pages: "all" }),
    entities.credential.query.primary({ robotId }).go({ pages: "all" }),
  ]);
  // Without the robot they permit nothing: these only tidy up.
  await Promise.all([entities.credential.delete(keys.data).go(), entities.grant.delete(grants.data).go()]);
  return undefined;
}
