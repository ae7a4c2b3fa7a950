import { limits } from "@tether/protocol/limits";
import { withEvidence } from "../../live/ending.ts";
import type { Session } from "../../live/session.ts";
import type { Pending } from "../../store/connection.ts";
import type { Ending } from "../../store/ending.ts";
import { closingFor } from "./closing.ts";
import type { Change, On } from "./event.ts";

export type Logged = Required<Pick<Change, "patch" | "entry">>;

/** Notes the connection a ticket let in. The event alone decides, so redeeming needs no read. */
export function reserve(event: On<"redeemed">): Logged {
  const { at, epoch, connection, principal, authExpiresAt } = event;
  const lapsesAt = at + limits.session.openingMs;
  return {
    patch: { ticketEpoch: epoch, pending: { epoch, connection, principal, authExpiresAt, lapsesAt }, dueAt: lapsesAt },
    entry: { type: "session.opening", epoch, inferred: false },
  };
}

/** Why one that says nothing is given up. */
export const lapse: Ending = { cause: "opening.lapsed", actor: { type: "system" }, inferred: false };

/** A connection that waits for its hello, or has just said it, does not become the session's. */
export function giveUp(
  session: Session,
  { epoch, connection, principal }: Pending,
  ending: Ending,
  { at, as }: { at: number; as: "session.dismissed" | "session.lapsed" },
): Required<Change> {
  const why = withEvidence(session, ending, { at, connection, principal });
  return {
    patch: { pending: undefined },
    entry: { type: as, epoch, ...why },
    closings: closingFor(session, ending, { at, connection, principal }),
  };
}
