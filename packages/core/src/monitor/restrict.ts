import { connectionOf, type Env } from "../session/deliver.ts";
import type { Session } from "../session/session.ts";
import { apply } from "../session/write.ts";

/** Those of these sessions that monitor see nothing more from now on, and are told. */
export async function restrict(env: Env, sessions: readonly Session[]): Promise<void> {
  await Promise.all(
    sessions.map(async (session) => {
      const applied = await apply(env, session, { type: "restricted", at: env.clock.now() });
      const connection = applied.changed && connectionOf(applied.session);
      if (connection) await env.outbox.post(connection.id, { type: "monitor.ended" });
    }),
  );
}
