import type { Actor } from "@tether/protocol/actor";
import type { Problem } from "@tether/protocol/problem";
import type { StopReport } from "@tether/protocol/stop-report";
import type { Env } from "../delivery/notify.ts";
import { own, readLive } from "../live/read.ts";
import { checkSender } from "../live/sender.ts";
import { actorOf, type Identity, type Session } from "../live/session.ts";
import { transact } from "../store/transact.ts";
import { toItem } from "../timeline/event.ts";

/** A robot says whether a stop is in force: it stands in the robot's presence, and each change of it on the timeline. P13 */
export async function reportStop(env: Env, identity: Identity, said: StopReport): Promise<Problem | undefined> {
  const { robotId, kind } = identity;
  const at = env.clock.now();
  const live = await readLive(env, robotId, "consistent");
  const session = own(live, identity);
  const refused = checkSender(session, identity, at);
  if (!session || refused) return refused;
  if (kind !== "robot") return undefined;
  const { data: known } = await env.store.entities.robot.get({ robotId }).go({ consistent: true });
  if (!known || (known.stop !== undefined) === said.inForce) return undefined;
  const by = actorIn(live.sessions, said) ?? actorOf(session);
  const type = said.inForce ? "robot.latched" : "robot.resumed";
  const item = toItem(env, { type, actor: by, inferred: false }, { robotId, at, sessionId: session.sessionId });
  // A part that is refused was changed meanwhile by the same word, said twice.
  await transact(env, ({ robot, timelineEvent }) => ({
    robot: said.inForce
      ? robot
          .patch({ robotId })
          .set({ stop: { by, since: at } })
          .where(({ stop, movedTo }, { notExists }) => `${notExists(stop)} AND ${notExists(movedTo)}`)
          .commit()
      : robot
          .patch({ robotId })
          .remove(["stop"])
          .where(({ stop, movedTo }, { exists, notExists }) => `${exists(stop)} AND ${notExists(movedTo)}`)
          .commit(),
    event: timelineEvent.put(item).commit(),
  }));
  return undefined;
}

/** The session's own user before what the robot says of one: the robot's word is only believed where no session is named. */
function actorIn(sessions: readonly Session[], { session, by }: StopReport): Actor | undefined {
  const named = session && sessions.find(({ sessionId }) => sessionId === session);
  return named ? actorOf(named) : session ? undefined : by;
}
