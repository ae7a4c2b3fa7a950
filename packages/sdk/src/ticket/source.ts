import type { TicketAnswer, TicketUse } from "@tether/protocol/http";
import type { InstanceId, SessionId } from "@tether/protocol/id";
import type { Reason } from "../reason.ts";

/** Why there is no ticket. `never`: asking again is no use. `afterMs`: how long the service wants to be left alone. */
export type Refusal = { readonly reason: Reason; readonly retry: "never" | "backoff"; readonly afterMs: number };

export type Ticketed = { readonly answer: TicketAnswer } | { readonly refusal: Refusal };

/**
 * The purpose of a ticket. `session`: the session to go on with, if there is one. `instance`: the running SDK that asks. `fresh`: the user's
 * token is to be renewed for it, as the one at hand renews no lease.
 */
export type Wanted = {
  readonly use: TicketUse;
  readonly session: SessionId | undefined;
  readonly instance?: InstanceId;
  readonly fresh?: boolean;
};

/** Fetches a ticket. Never rejects; aborting makes the answer void. */
export type TicketSource = (wanted: Wanted, signal: AbortSignal) => Promise<Ticketed>;
