import type { RobotChange } from "@tether/protocol/http";
import type { RobotId } from "@tether/protocol/id";
import { type Problem, problem } from "@tether/protocol/problem";
import { accessTo, accessToWhatIsLeft } from "../access/access.ts";
import { actorOf, type Caller } from "../access/caller.ts";
import type { Env as Delivery } from "../delivery/notify.ts";
import { readLive } from "../live/read.ts";
import { end } from "../session/end.ts";
import { transact } from "../store/transact.ts";
import { toItem } from "../timeline/event.ts";
import { presences } from "./presence.ts";
import { type Robot, shown } from "./robot.ts";

type Env = Omit<Delivery, "outbox">;

export async function read(env: Env, caller: Caller, robotId: RobotId): Promise<Robot | Problem> {
  const access = await accessTo(env, caller, robotId);
  if ("problem" in access) return access;
  const presence = (await presences(env, [robotId])).get(robotId);
  return { ...shown(access.robot, access.role), ...(presence && { presence }) };
}

/** Changes what is named of a robot's name and settings. What the broker reads of it goes along in the same transaction. */
export async function change(env: Env, caller: Caller, robotId: RobotId, wanted: RobotChange): Promise<Robot | Problem> {
  const access = await accessTo(env, caller, robotId, "owner");
  if ("problem" in access) return access;
  const before = shown(access.robot, access.role);
  const { name } = wanted;
  const control = wanted.control && { ...before.control, ...wanted.control };
  const grace = wanted.grace && { ...before.grace, ...wanted.grace };
  const set = { ...(name !== undefined && { name }), ...(control && { control }), ...(grace && { grace }) };
  if (Object.keys(set).length === 0) return before;
  const told = { inferred: false, actor: actorOf(caller) } as const;
  const renamed = name === undefined ? [] : [{ ...told, type: "robot.renamed" } as const];
  const configured = control || grace ? [{ ...told, type: "robot.configured", evidence: settingsIn(wanted) } as const] : [];
  const at = env.clock.now();
  const items = [...renamed, ...configured].map((entry) => toItem(env, entry, { robotId, at }));
  const outcome = await transact(env, ({ robot, controlLease, timelineEvent }) => ({
    robot: robot.patch({ robotId }).set(set).commit(),
    lease: control && controlLease.update({ robotId }).set({ policy: control }).add({ version: 1 }).commit(),
    events: items.map((item) => timelineEvent.put(item).commit()),
  }));
  return outcome === "done" ? { ...before, ...set } : problem("robot.unknown");
}

/** As the timeline tells them: a setting that was turned off is null elsewhere. */
function settingsIn({ control, grace }: RobotChange): Record<string, string | number | boolean> {
  const named = Object.entries({ ...control, ...grace }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(named.map(([name, value]) => [name, value ?? "off"]));
}

/**
 * Deletes a robot with its keys and grants: from that write on no ticket is issued or redeemed. Then its live sessions
 * end, each told why. The timeline and the history stay for as long as they are kept. Asked again by an owner, it finishes
 * what an earlier call left.
 */
export async function remove(env: Delivery, caller: Caller, robotId: RobotId): Promise<Problem | undefined> {
  const access = await accessToWhatIsLeft(env, caller, robotId, "owner");
  if ("problem" in access) return access;
  const at = env.clock.now();
  const actor = actorOf(caller);
  const outcome =
    access.robot &&
    (await transact(env, ({ robot, timelineEvent }) => ({
      robot: robot.remove({ robotId }).commit(),
      event: timelineEvent.put(toItem(env, { type: "robot.deleted", inferred: false, actor }, { robotId, at })).commit(),
    })));
  const { entities } = env.store;
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
