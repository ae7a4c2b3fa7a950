import type { Actor } from "@tether/protocol/actor";
import type { RobotStopped, Stop } from "@tether/protocol/frame/control";
import type { StopRequest } from "@tether/protocol/http";
import type { ClientSessionId, RobotId } from "@tether/protocol/id";
import { type Problem, problem } from "@tether/protocol/problem";
import { accessTo } from "../access/access.ts";
import { type Caller, actorOf as callerOf } from "../access/caller.ts";
import { type Env as Delivery, notify, notifyOne } from "../delivery/notify.ts";
import { type Live, own, peersOf, readLive } from "../live/read.ts";
import { actorOf, type Identity } from "../live/session.ts";
import type { Buckets } from "../rate/bucket.ts";
import { toItem } from "../timeline/event.ts";

/** `stopNews` bounds of how many presses of one person others and the timeline are told; unbounded where it is left out. */
type Env = Delivery & { readonly stopNews?: Buckets };
type Pressed = StopRequest & { readonly by: Actor; readonly session?: ClientSessionId };

/**
 * Stops the robot, for anyone whose session lives and once said hello here: no role, lease or hand-over is asked about, since a
 * stop too many does less harm than one too few.
 */
export async function stop(env: Env, identity: Identity, said: Stop): Promise<Problem | undefined> {
  if (identity.kind === "robot") return problem("access.denied");
  const live = await readLive(env, identity.robotId, "consistent");
  const session = own(live, identity);
  if (!session) return problem("session.superseded");
  if (identity.epoch > session.epoch) return problem("hello.required");
  // A session whose kind is client has a client's id.
  return order(env, identity.robotId, live, { ...said, by: actorOf(session), session: session.sessionId as ClientSessionId });
}

/** The same for a user with any role on the robot, who need not be attached: a robot that has no place left can still be stopped. */
export async function stopBy(env: Env, caller: Caller, robotId: RobotId, said: StopRequest): Promise<Problem | undefined> {
  const access = await accessTo(env, caller, robotId);
  if ("problem" in access) return access;
  return order(env, robotId, await readLive(env, robotId, "consistent"), { ...said, by: callerOf(caller) });
}

/**
 * The robot is told before anybody else is and before anything is written. A stop is never refused, and each one is told to 25 clients: a
 * person who presses without end would use up what the account may post, and nobody's stop would arrive. So the robot alone is told then. D20.1
 */
async function order(env: Env, robotId: RobotId, live: Live, pressed: Pressed): Promise<Problem | undefined> {
  const at = env.clock.now();
  const { by, session, key, reason } = pressed;
  const said = { by, ...(session && { session }), ...(key !== undefined && { key }), ...(reason !== undefined && { reason }) };
  const deliveries = await Promise.all(
    peersOf(live.sessions, "client").map((robot) => notifyOne(env, live, robot, { type: "stop", ...said })),
  );
  const reached = deliveries.some((one) => one.reached);
  const undelivered = reached ? undefined : problem("stop.undelivered");
  if (env.stopNews && env.stopNews.take(`${robotId} ${by.id}`) > 0) return undelivered;
  const frame: RobotStopped = { type: "robot.stopped", at, reached, ...said };
  const evidence = { reached, ...(reason !== undefined && { reason }) };
  const item = toItem(
    env,
    { type: "robot.stopped", actor: by, inferred: false, evidence },
    { robotId, at, ...(session && { sessionId: session }) },
  );
  await Promise.all([notify(env, live, peersOf(live.sessions, "robot"), () => frame), env.store.entities.timelineEvent.put(item).go()]);
  return undelivered;
}
