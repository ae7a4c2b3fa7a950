import type { RobotChange } from "@tether/protocol/http";
import type { RobotId } from "@tether/protocol/id";
import { type Problem, problem } from "@tether/protocol/problem";
import { accessTo } from "../access/access.ts";
import { actorOf, type Caller } from "../access/caller.ts";
import { announcePolicy } from "../delivery/control.ts";
import type { Env } from "../delivery/notify.ts";
import { transact } from "../store/transact.ts";
import { toItem } from "../timeline/event.ts";
import { type Robot, toRobot } from "./robot.ts";

/** Changes what is named of a robot's name and settings. The part that the broker reads is written in the same transaction. */
export async function change(env: Env, caller: Caller, robotId: RobotId, wanted: RobotChange): Promise<Robot | Problem> {
  const access = await accessTo(env, caller, robotId, "owner");
  if ("problem" in access) return access;
  const before = toRobot(access.robot, access.role);
  const { name } = wanted;
  const control = wanted.control && { ...before.control, ...wanted.control };
  const grace = wanted.grace && { ...before.grace, ...wanted.grace };
  const set = { ...(name !== undefined && { name }), ...(control && { control }), ...(grace && { grace }) };
  if (Object.keys(set).length === 0) return before;
  const common = { inferred: false, actor: actorOf(caller) } as const;
  const renamed = name === undefined ? [] : [{ ...common, type: "robot.renamed" } as const];
  const configured = control || grace ? [{ ...common, type: "robot.configured", evidence: settingsIn(wanted) } as const] : [];
  const at = env.clock.now();
  const items = [...renamed, ...configured].map((entry) => toItem(env, entry, { robotId, at }));
  const outcome = await transact(env, ({ robot, controlLease, timelineEvent }) => ({
    robot: robot
      .patch({ robotId })
      .set(set)
      .where(({ movedTo }, { notExists }) => notExists(movedTo))
      .commit(),
    lease: control && controlLease.update({ robotId }).set({ policy: control }).add({ version: 1 }).commit(),
    events: items.map((item) => timelineEvent.put(item).commit()),
  }));
  if (outcome !== "done") return problem("robot.unknown");
  // The change is written: where nobody can be told, whoever drives has it with the next permit.
  if (control) await announcePolicy(env, robotId, actorOf(caller)).catch(() => {});
  return { ...before, ...set };
}

/** As the timeline tells them: a setting that was turned off is null elsewhere. */
function settingsIn({ control, grace }: RobotChange): Record<string, string | number | boolean> {
  const named = Object.entries({ ...control, ...grace }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(named.map(([name, value]) => [name, value ?? "off"]));
}
