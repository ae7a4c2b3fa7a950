import type { FrameSeen, SeenEnd, Verdict } from "@tether/protocol/frame/monitor";
import type { SessionId } from "@tether/protocol/id";
import { type Env, verify } from "../delivery/notify.ts";
import { monitorsIn } from "../live/monitor.ts";
import { type Live, own, readLive } from "../live/read.ts";
import type { Identity, Online, Session } from "../live/session.ts";
import { connectionOf } from "../live/session.ts";

/** A frame as its monitors are told of it: nothing that is in it but whom it is for. */
export type Sight = {
  readonly from: Identity;
  readonly to: SessionId | undefined;
  readonly kind: string;
  readonly bytes: number;
  readonly verdict: Verdict;
};

/**
 * Tells those who monitor the robot what became of a frame, and answers how many there are. One post each, and nothing where nobody
 * does. `live` may be stale: whose session ended has no connection left to be told on.
 */
export async function show(env: Env, live: Live, { from, to, kind, bytes, verdict }: Sight): Promise<number> {
  const at = env.clock.now();
  const monitors = monitorsIn(live.sessions, at);
  if (monitors.length === 0) return 0;
  const target = to && { to: endOf(own(live, { sessionId: to }) ?? { sessionId: to }) };
  const frame: FrameSeen = { type: "frame.seen", at, from: endOf(from), ...target, kind, bytes, verdict };
  await Promise.all(monitors.map((monitor) => tellOne(env, monitor, frame)));
  return monitors.length;
}

/** A monitor whose connection proves gone is made away like any other end. */
async function tellOne(env: Env, { robotId, sessionId, connection }: Online, frame: FrameSeen): Promise<void> {
  if ((await env.outbox.post(connection.id, frame)) !== "gone") return;
  const live = await readLive(env, robotId, "consistent");
  const session = own(live, { sessionId });
  if (session && connectionOf(session)?.id === connection.id) await verify(env, live, session, connection);
}

function endOf({ sessionId: session, principal }: Pick<Session, "sessionId"> & Partial<Pick<Session, "principal">>): SeenEnd {
  if (principal?.type !== "user") return { session };
  const { id, name } = principal;
  return { session, user: { id, ...(name !== undefined && { name }) } };
}
