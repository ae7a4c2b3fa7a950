import type { Account } from "@tether/protocol/account";
import type { InstanceId } from "@tether/protocol/id";
import type { TrackKind } from "@tether/protocol/peer";
import type { Online, Session } from "../../live/session.ts";
import type { Connection, Pending } from "../../store/connection.ts";
import type { Ending } from "../../store/ending.ts";
import type { Principal } from "../../store/principal.ts";
import type { Entry } from "../../timeline/entry.ts";
import type { Closing } from "./closing.ts";

type At = { readonly at: number };
type Proof = { readonly principal: Principal; readonly authExpiresAt: number };

/** Every event of a session, in the past tense. */
export type Event =
  | (At & Proof & { readonly type: "redeemed"; readonly epoch: number; readonly connection: Connection })
  | (At & {
      readonly type: "greeted";
      readonly connectionId: string;
      readonly instance: InstanceId;
      readonly monitors?: boolean;
      readonly keepsAlive?: boolean;
      readonly before?: Account | undefined;
      readonly tracks?: readonly TrackKind[] | undefined;
    })
  | (At & {
      readonly type: "disconnected";
      readonly connectionId: string;
      /** Of the connection, where the gateway said by itself that it is gone. */
      readonly epoch?: number;
      readonly ending: Ending;
      readonly closing?: true;
    })
  | (At & { readonly type: "lapsed" })
  /** The right by which a connection was let in is gone before its hello. */
  | (At & { readonly type: "withdrawn"; readonly connectionId: string; readonly ending: Ending })
  | (At & { readonly type: "graceOver" })
  | (At & Proof & { readonly type: "renewed"; readonly renewals: number })
  | (At & { readonly type: "warned" })
  | (At & { readonly type: "expired" })
  /** The session may monitor no longer. */
  | (At & { readonly type: "restricted" })
  | (At & { readonly type: "ended"; readonly ending: Ending });

/** The attributes that a transition writes; `undefined` removes one. */
export type Patch = {
  readonly state?: Session["state"];
  readonly since?: number;
  readonly dueAt?: number;
  readonly shard?: string;
  readonly round?: string;
  readonly epoch?: number;
  readonly ticketEpoch?: number;
  readonly renewals?: number;
  readonly principal?: Principal;
  readonly authExpiresAt?: number;
  readonly instance?: InstanceId | undefined;
  readonly connection?: Connection | undefined;
  readonly previous?: Online["previous"];
  readonly pending?: Pending | undefined;
  readonly backBy?: number | undefined;
  readonly closesAt?: number | undefined;
  readonly ending?: Ending | undefined;
  readonly warned?: number;
  readonly verifiedAt?: number;
  readonly takeovers?: readonly number[] | undefined;
  readonly monitors?: true | undefined;
  readonly keepsAlive?: true | undefined;
  readonly tracks?: readonly TrackKind[] | undefined;
  readonly superseded?: readonly InstanceId[] | undefined;
};

/** A transition: what it writes, what the timeline says of it, if that is worth a line, and the connections it is over for. */
export type Change = { readonly patch: Patch; readonly entry?: Entry; readonly closings?: readonly Closing[] };

export type State = Exclude<Session["state"], "ended">;
export type In<S extends State> = Extract<Session, { state: S }>;
export type On<T extends Event["type"]> = Extract<Event, { type: T }>;
type Cell<S extends State, T extends Event["type"]> = ((session: In<S>, event: On<T>) => Change | "ignored") | "ignored";
/** A cell for each state and event: the change that it makes, or `ignored`. */
export type Table = { readonly [S in State]: { readonly [T in Event["type"]]: Cell<S, T> } };
