import type { Stop } from "@tether/protocol/frame/control";
import type { ClientSessionId } from "@tether/protocol/id";
import { type Problem, problem } from "@tether/protocol/problem";
import { type Env, own, tellOne } from "../session/deliver.ts";
import { readLive } from "../session/read.ts";
import { actorOf, type Identity } from "../session/session.ts";
import { toItem } from "../timeline/event.ts";

/**
 * Stops the robot, for anyone whose session lives and once said hello here: no role, lease or hand-over is asked about, since a
 * stop too many does less harm than one too few. The robot is told before anything is written.
 */
export async function stop(env: Env, identity: Identity, { key, reason }: Stop): Promise<Problem | undefined> {
  if (identity.kind === "robot") return problem("access.denied");
  const live = await readLive(env, identity.robotId, "consistent");
  const session = own(live, identity);
  if (!session) return problem("session.superseded");
  if (identity.epoch > session.epoch) return problem("hello.required");
  const by = actorOf(session);
  const said = {
    by,
    session: session.sessionId as ClientSessionId,
    ...(key !== undefined && { key }),
    ...(reason !== undefined && { reason }),
  };
  const robots = live.sessions.filter(({ kind }) => kind === "robot");
  const told = await Promise.all(robots.map((robot) => tellOne(env, live, robot, { type: "stop", ...said })));
  const reached = told.some((one) => one.reached);
  const entry = {
    type: "robot.stopped",
    actor: by,
    inferred: false,
    evidence: { reached, ...(reason !== undefined && { reason }) },
  } as const;
  const { robotId, sessionId } = session;
  await env.store.entities.timelineEvent.put(toItem(env, entry, { robotId, sessionId, at: env.clock.now() })).go();
  return reached ? undefined : problem("stop.undelivered");
}
