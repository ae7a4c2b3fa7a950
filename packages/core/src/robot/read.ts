import type { RobotId } from "@tether/protocol/id";
import type { Problem } from "@tether/protocol/problem";
import { accessTo } from "../access/access.ts";
import type { Caller } from "../access/caller.ts";
import type { Env as Delivery } from "../delivery/notify.ts";
import { presences } from "./presence.ts";
import { type Robot, toRobot, withStop } from "./robot.ts";

type Env = Pick<Delivery, "store" | "clock">;

/** A robot, with its presence, for whoever may see it. */
export async function read(env: Env, caller: Caller, robotId: RobotId): Promise<Robot | Problem> {
  const access = await accessTo(env, caller, robotId);
  if ("problem" in access) return access;
  const presence = (await presences(env, [robotId])).get(robotId);
  return { ...toRobot(access.robot, access.role), ...(presence && { presence: withStop(presence, access.robot) }) };
}
