import type { Account } from "@tether/protocol/account";
import type { TicketAnswer } from "@tether/protocol/http";
import type { SessionId } from "@tether/protocol/id";
import type { Reason } from "../reason.ts";

/** `attemptId` numbers tickets and the sockets opened with them, and only grows. `failures` counts failed attempts in a row. */
type Trying = { readonly attemptId: number; readonly failures: number; readonly session: SessionId | undefined };

export type Idle = { readonly state: "idle"; readonly session: SessionId | undefined };
/** Fetching a ticket. */
export type Ticketing = Trying & { readonly state: "ticketing" };
/** A socket is being opened with it. */
export type Connecting = Trying & { readonly state: "connecting"; readonly answer: TicketAnswer };
/** The socket is open, hello is sent, welcome is awaited. */
export type Greeting = Trying & { readonly state: "greeting"; readonly session: SessionId };
/** Until the next attempt. Being woken may shorten the wait to `earliest`. */
export type Waiting = Trying & { readonly state: "waiting"; readonly until: number; readonly earliest: number; readonly why: Reason };

/** All that can be under way towards a live connection: the first one, or the successor of one that lives. */
export type Attempt = Ticketing | Connecting | Greeting | Waiting;

/**
 * A live connection. `socketId` is the id of the attempt that opened its socket, `failures` counts the failed attempts before it,
 * `since` is when it came, `forcedAt` when its successor waits no longer.
 */
type Live = {
  readonly socketId: number;
  readonly failures: number;
  readonly session: SessionId;
  readonly since: number;
  readonly forcedAt: number;
};

export type Online = Live & {
  readonly state: "online";
  readonly attemptId: number;
  readonly rolloverAt: number;
  readonly lease: { readonly serverTime: number; readonly expiresAt: number };
  /** The socket before this one, still heard until what was in flight on it has arrived. */
  readonly former: number | undefined;
  /** A second hello is out to learn whether the socket survived a sleep. */
  readonly probe: number | undefined;
};
/** Online, and the next connection is being made before this one is cut. */
export type HandingOver = Live & { readonly state: "handingOver"; readonly lease: Online["lease"]; readonly successor: Attempt };
/** `leave` is said; the broker's bye or the socket's end is awaited. */
export type Leaving = {
  readonly state: "leaving";
  readonly socketId: number;
  readonly says: string | undefined;
  readonly account: Account | undefined;
};
/** Final. */
export type Stopped = { readonly state: "stopped"; readonly why: Reason };

export type State = Idle | Attempt | Online | HandingOver | Leaving | Stopped;
