import type { Account } from "@tether/protocol/account";
import type { Bye } from "@tether/protocol/frame/bye";
import type { Welcome } from "@tether/protocol/frame/welcome";
import type { TicketAnswer } from "@tether/protocol/http";
import type { OpenCode } from "@tether/protocol/open-code";
import type { Refusal } from "../ticket/source.ts";

/** When it happened by this end's clock, and a number drawn from [0, 1) for whatever it makes random. */
export type Stamp = { readonly at: number; readonly draw: number };

/** All that can happen to a connection. `turn` and `line` say to which attempt and socket. */
export type Happening =
  | { readonly type: "started" }
  | { readonly type: "ticketed"; readonly turn: number; readonly answer: TicketAnswer }
  | { readonly type: "refused"; readonly turn: number; readonly refusal: Refusal }
  | { readonly type: "opened"; readonly line: number }
  | { readonly type: "welcomed"; readonly line: number; readonly welcome: Welcome }
  /** The broker answered a frame of this line with a problem that is about the connection. */
  | { readonly type: "rejected"; readonly line: number; readonly problem: OpenCode }
  /** The broker said bye. */
  | { readonly type: "dismissed"; readonly line: number; readonly bye: Bye }
  /** The socket closed, failed, or does not answer pings. */
  | { readonly type: "closed"; readonly line: number }
  /** What was awaited took too long: a ticket, an open socket, a welcome, a bye. */
  | { readonly type: "overdue"; readonly turn: number }
  | { readonly type: "waited"; readonly turn: number }
  /** It is time to open the next connection. */
  | { readonly type: "aged"; readonly line: number }
  /** The gateway is about to cut. */
  | { readonly type: "forced"; readonly line: number }
  /** The former socket had its time. */
  | { readonly type: "faded"; readonly line: number }
  /** The machine slept, or the network came back. */
  | { readonly type: "woken" }
  /** Something that was asked has no answer, or a peer's path broke. */
  | { readonly type: "doubted" }
  /** The caller leaves for good, or lets go and keeps the session. */
  | { readonly type: "left"; readonly says: string | undefined; readonly account?: Account | undefined }
  | { readonly type: "released" };

export type Event = Happening & Stamp;
export type On<Type extends Event["type"]> = Extract<Event, { type: Type }>;
