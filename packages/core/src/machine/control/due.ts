import { limits } from "@tether/protocol/limits";
import { atLeast } from "@tether/protocol/role";
import { isHeldBy, type Lease, overAt } from "../../live/control-lease.ts";
import type { Away, Session } from "../../live/session.ts";
import type { Event } from "./event.ts";

const system = { type: "system" } as const;

/**
 * The event that the clock or the holder's session has made due for a lease. Every reader applies it first, so nothing
 * hangs on when the sweeper comes or on whether every hint was noted.
 */
export function due(lease: Lease, sessions: readonly Session[], at: number): Event | undefined {
  if (lease.state === "free") return undefined;
  const { sessionId: holder, instance } = lease.holder;
  const session = sessions.find(({ sessionId }) => sessionId === holder);
  if (!session || session.state === "ended" || session.state === "opening") return { type: "ended", at, actor: system, holder };
  const { principal } = session;
  if (principal.type !== "user" || !atLeast(principal.role, "operator")) return { type: "revoked", at, actor: system, holder };
  if (session.state === "away") {
    const away = awayEvent(lease, session, at);
    if (away) return away;
  } else {
    // A holder that has been away twice since is judged by the first time that control was no longer kept.
    if (lease.state === "kept" && session.since < overAt(lease)) return { type: "returned", at, actor: system, holder };
    if (lease.state === "kept") return { type: "expired", at: Math.max(at, overAt(lease)), actor: system };
    if (session.instance !== instance) return { type: "superseded", at, actor: system, holder, instance: session.instance };
  }
  return at >= overAt(lease) ? { type: "expired", at, actor: system } : undefined;
}

/** A holder whose session is away keeps control for a while. Nothing for anyone else's session. */
export function awayEvent(lease: Lease, session: Away, at: number): Event | undefined {
  if (lease.state !== "held" || !isHeldBy(lease, session)) return undefined;
  const keptUntil = session.since + limits.control.keptMs;
  return { type: "away", at, actor: session.ending.actor, holder: lease.holder.sessionId, keptUntil };
}
