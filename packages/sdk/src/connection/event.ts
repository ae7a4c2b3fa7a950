import type { Account } from "@tether/protocol/account";
import type { Bye } from "@tether/protocol/frame/bye";
import type { Welcome } from "@tether/protocol/frame/welcome";
import type { TicketAnswer } from "@tether/protocol/http";
import type { Reason } from "../reason.ts";
import type { Refusal } from "../ticket/source.ts";

/** When it happened by this end's clock, and a number drawn from [0, 1) for whatever it makes random. */
export type Stamp = { readonly at: number; readonly draw: number };

/** All that can happen to a connection. `attemptId` and `socketId` say to which attempt and which socket. */
export type Happening =
  | { readonly type: "started" }
  | { readonly type: "ticketed"; readonly attemptId: number; readonly answer: TicketAnswer }
  | { readonly type: "refused"; readonly attemptId: number; readonly refusal: Refusal }
  | { readonly type: "opened"; readonly socketId: number }
  | { readonly type: "welcomed"; readonly socketId: number; readonly welcome: Welcome }
  /** The broker answered a frame of this socket with a problem that is about the connection. */
  | { readonly type: "rejected"; readonly socketId: number; readonly why: Reason }
  /** The broker said bye. */
  | { readonly type: "dismissed"; readonly socketId: number; readonly bye: Bye }
  /** The socket closed, failed, or does not answer pings. `why`: the reason that it gave for not opening. */
  | { readonly type: "closed"; readonly socketId: number; readonly why?: Reason | undefined }
  /** A ticket, an open socket, a welcome or a bye did not come in time. */
  | { readonly type: "overdue"; readonly attemptId: number }
  | { readonly type: "waited"; readonly attemptId: number }
  /** The time to open the next connection has come. */
  | { readonly type: "aged"; readonly socketId: number }
  /** The gateway is about to cut. */
  | { readonly type: "forced"; readonly socketId: number }
  /** The former socket had its time. */
  | { readonly type: "drained"; readonly socketId: number }
  /** The machine slept, or the network came back. */
  | { readonly type: "woken" }
  /** A request has no answer, or the path to a peer broke. */
  | { readonly type: "doubted" }
  /** The caller leaves for good, or lets go and keeps the session. */
  | { readonly type: "left"; readonly says: string | undefined; readonly account?: Account | undefined }
  | { readonly type: "released" };

export type Event = Happening & Stamp;
export type On<Type extends Event["type"]> = Extract<Event, { type: Type }>;
