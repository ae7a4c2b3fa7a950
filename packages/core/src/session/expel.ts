import { closeAndMarkGone, type Env } from "../delivery/notify.ts";
import { own, readLive } from "../live/read.ts";
import type { Identity } from "../live/session.ts";
import type { Ending } from "../store/ending.ts";

/** Closes a connection that sends more than one may. Its session waits for another, as after any other loss. */
export async function expel(env: Env, identity: Identity): Promise<void> {
  const { connection, robotId } = identity;
  const live = await readLive(env, robotId, "consistent");
  const session = own(live, identity);
  const ending: Ending = { cause: "connection.flooded", actor: { type: "system" }, inferred: false };
  if (session) await closeAndMarkGone(env, live, session, connection.id, ending);
  // Also where it was not, or not yet, the session's.
  await env.outbox.close(connection.id);
}
