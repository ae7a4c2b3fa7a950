import { limits } from "@tether/protocol/limits";
import type { Session } from "../../live/session.ts";

/** The next instant at which this session needs the sweeper. */
export function dueAt(session: Session): number {
  const lapses = session.pending?.lapsesAt ?? Number.POSITIVE_INFINITY;
  switch (session.state) {
    case "opening":
      return lapses;
    case "away":
      return Math.min(lapses, session.backBy);
    case "expired":
      return Math.min(lapses, session.closesAt);
    case "online":
      return Math.min(lapses, warnsAt(session), session.authExpiresAt);
    case "ended":
      return Number.POSITIVE_INFINITY;
  }
}

/** When the next warning is to be sent that the lease ends; never once all were. */
export function warnsAt({ warned, authExpiresAt }: Pick<Session, "warned" | "authExpiresAt">): number {
  const ahead = limits.auth.warnMs[warned];
  return ahead === undefined ? Number.POSITIVE_INFINITY : authExpiresAt - ahead;
}

/** The same for one that is online, waits for no hello, and renewed its lease just now. Nothing else need be known of it. */
export function dueOnceRenewed(authExpiresAt: number, at: number): number {
  const warned = missedWarnings(authExpiresAt, at);
  return Math.min(warnsAt({ warned, authExpiresAt }), authExpiresAt);
}

/** How many of the warnings a lease is too short for when it is granted: who got it a moment ago need not be told that it ends soon. */
export function missedWarnings(authExpiresAt: number, at: number): number {
  return limits.auth.warnMs.filter((ahead) => at > authExpiresAt - ahead).length;
}
