import { limits } from "@tether/protocol/limits";
import type { Away } from "../session/session.ts";
import type { Event } from "./event.ts";
import { isHeldBy, type Lease } from "./lease.ts";

/** A holder whose session is away keeps control for a while. Nothing for anyone else's session. */
export function keeping(lease: Lease, session: Away, at: number): Event | undefined {
  if (lease.state !== "held" || !isHeldBy(lease, session)) return undefined;
  const keptUntil = session.since + limits.control.keptMs;
  return { type: "away", at, actor: session.ending.actor, holder: lease.holder.sessionId, keptUntil };
}
