import type { RobotId } from "@tether/protocol/id";
import { closeAll } from "../delivery/close.ts";
import { closeAndMarkGone, type Env } from "../delivery/notify.ts";
import { isHeldBy } from "../live/control-lease.ts";
import { type Live, readLive } from "../live/read.ts";
import { connectionOf, type Session } from "../live/session.ts";
import { apply } from "../machine/session/write.ts";
import type { Ending } from "../store/ending.ts";

export const moved: Ending = { cause: "robot.moved", actor: { type: "system" }, inferred: false };

/** Connections that open all the time while no tickets are given are a defect. */
const attempts = 10;

/** Makes every session of a robot away: each connection is told why and closed, and the sessions wait for another as after any other loss. */
export async function disconnectAll(env: Env, robotId: RobotId): Promise<void> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const live = await readLive(env, robotId, "consistent");
    const connected = live.sessions.filter((session) => session.pending || connectionOf(session));
    if (connected.length === 0) return;
    // The sessions end one after the other, the robot first and the holder of control second, while their peers still have connections on which to be told.
    for (const session of connected.toSorted((a, b) => rankOf(live, a) - rankOf(live, b))) await disconnect(env, session);
  }
  throw new Error(`connections of ${robotId} open while it moves`);
}

function rankOf({ control }: Live, session: Session): number {
  if (session.kind === "robot") return 0;
  return isHeldBy(control, session) ? 1 : 2;
}

async function disconnect(env: Env, { robotId, sessionId }: Session): Promise<void> {
  const live = await readLive(env, robotId, "consistent");
  let session = live.sessions.find((one) => one.sessionId === sessionId);
  if (session?.pending) {
    const event = { type: "withdrawn", at: env.clock.now(), connectionId: session.pending.connection.id, ending: moved } as const;
    const applied = await apply(env, session, event);
    if (applied.changed) await closeAll(env, applied.closings);
    session = applied.session;
  }
  const connection = session && connectionOf(session);
  if (session && connection) await closeAndMarkGone(env, live, session, connection.id, moved);
}
