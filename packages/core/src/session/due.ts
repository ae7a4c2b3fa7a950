import { limits } from "@tether/protocol/limits";
import type { Session } from "./session.ts";

/** The next instant at which this session needs the sweeper: nothing is found dead by its age. */
export function dueAt(session: Session): number {
  const lapses = session.pending?.lapsesAt ?? Number.POSITIVE_INFINITY;
  switch (session.state) {
    case "opening":
      return Math.min(lapses, session.authExpiresAt);
    case "away":
      return Math.min(lapses, session.backBy);
    case "expired":
      return Math.min(lapses, session.closesAt);
    case "online":
      return Math.min(lapses, nextWarning(session), session.authExpiresAt);
    case "ended":
      return Number.POSITIVE_INFINITY;
  }
}

function nextWarning({ authExpiresAt, since }: Session): number {
  const ahead = limits.auth.warnMs.map((ms) => authExpiresAt - ms).filter((at) => at > since);
  return Math.min(...ahead, Number.POSITIVE_INFINITY);
}
