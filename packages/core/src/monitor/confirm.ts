import { admins } from "../access/caller.ts";
import type { Clock } from "../clock.ts";
import type { Ids } from "../id.ts";
import type { Online } from "../live/session.ts";
import { apply } from "../machine/session/write.ts";
import type { Store } from "../store/index.ts";

/**
 * A session that has just said hello, without what its ticket allowed and its grant no longer does. Looked up after the session was
 * written: of that and a grant that gives less from now on at least one sees the other. No read for who does not monitor.
 */
export async function confirm(env: { store: Store; clock: Clock; ids: Ids }, session: Online): Promise<Online | undefined> {
  const { robotId, principal } = session;
  if (!session.monitors || principal.type !== "user" || principal.by === admins) return session;
  const { data } = await env.store.entities.grant.get({ robotId, to: principal.by }).go({ consistent: true });
  if (data?.role === "owner") return session;
  const { session: after } = await apply(env, session, { type: "restricted", at: env.clock.now() });
  return after?.state === "online" ? after : undefined;
}
