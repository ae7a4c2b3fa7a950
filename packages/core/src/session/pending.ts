import { limits } from "@tether/protocol/limits";
import type { On } from "./cell.ts";
import type { Change } from "./event.ts";
import { closing, supported } from "./evidence.ts";
import type { Ending, Pending, Session } from "./session.ts";

export type Told = Required<Pick<Change, "patch" | "entry">>;

/** Notes the connection a ticket let in. It looks at nothing but the event, so redeeming needs no read. */
export function reserve(event: On<"redeemed">): Told {
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
  const why = supported(session, ending, { at, connection, principal });
  return {
    patch: { pending: undefined },
    entry: { type: as, epoch, ...why },
    closings: closing(session, ending, { at, connection, principal }),
  };
}
