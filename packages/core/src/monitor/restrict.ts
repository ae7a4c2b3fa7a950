import type { Env } from "../delivery/notify.ts";
import type { Session } from "../live/session.ts";
import { connectionOf } from "../live/session.ts";
import { apply } from "../machine/session/write.ts";

/** Stops monitoring for those of the sessions that do so, and tells them. */
export async function restrict(env: Env, sessions: readonly Session[]): Promise<void> {
  await Promise.all(
    sessions.map(async (session) => {
      const applied = await apply(env, session, { type: "restricted", at: env.clock.now() });
      const connection = applied.changed && connectionOf(applied.session);
      if (connection) await env.outbox.post(connection.id, { type: "monitor.ended" });
    }),
  );
}
