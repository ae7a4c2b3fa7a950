import type { RobotId, SessionId } from "@tether/protocol/id";
import type { Store } from "../store/index.ts";
import { type Lease, leaseOf } from "./control-lease.ts";
import type { Session } from "./session.ts";

/** The slot of a robot's own session in the live collection. */
export const robotSlot = "robot";

/** The slot of a session's item in its robot's live collection. */
export function slotOf({ kind, sessionId }: { kind: "robot" | "client"; sessionId: SessionId }): string {
  return kind === "robot" ? robotSlot : sessionId;
}

/** Items are written by this package alone, with what their state asks for: reading trusts that. */
export function fromItem(item: object): Session {
  return item as Session;
}

/** A robot's live sessions, and its control lease. */
export type Live = { readonly sessions: readonly Session[]; readonly control: Lease };

/** `onRead` is handed all that is read, so that who comes after the verb need not read it again. */
type ReadEnv = { readonly store: Store; readonly onRead?: ((live: Live) => void) | undefined };

/**
 * All that lives at a robot, in one Query. A stale read is cheaper, and may only ever lead to a yes. The lease is read before the
 * sessions: a holder that is not among them has ended.
 */
export async function readLive(env: ReadEnv, robotId: RobotId, read: "consistent" | "stale"): Promise<Live> {
  const { session, controlLease } = await env.store.live(robotId, read);
  const live = { sessions: session.map(fromItem), control: leaseOf(robotId, controlLease[0]) };
  env.onRead?.(live);
  return live;
}

/** All live sessions of a robot. */
export async function listLive(env: { store: Store }, robotId: RobotId, read: "consistent" | "stale"): Promise<readonly Session[]> {
  return (await readLive(env, robotId, read)).sessions;
}

export async function findLive(
  env: { store: Store },
  about: { robotId: RobotId; kind: "robot" | "client"; sessionId: SessionId },
): Promise<Session | undefined> {
  const { robotId, sessionId } = about;
  const { data } = await env.store.entities.session.get({ robotId, slot: slotOf(about) }).go({ consistent: true });
  return data?.sessionId === sessionId ? fromItem(data) : undefined;
}

/** The other end's sessions: a client has its robot's, a robot all its clients'. */
export function peersOf(live: readonly Session[], kind: "robot" | "client"): Session[] {
  return live.filter((session) => session.kind !== kind);
}

/** The sessions that a grant let in. */
export function sessionsOn(live: readonly Session[], grantee: string): Session[] {
  return live.filter(({ principal }) => principal.type === "user" && principal.by === grantee);
}

/** The session of a connection, among all that are live at its robot. */
export function own(live: Live, { sessionId }: { sessionId: string }): Session | undefined {
  return live.sessions.find((session) => session.sessionId === sessionId);
}
