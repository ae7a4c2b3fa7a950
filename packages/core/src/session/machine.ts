import type { InstanceId } from "@tether/protocol/id";
import { limits } from "@tether/protocol/limits";
import type { Entry } from "../timeline/entry.ts";
import { extended } from "./lease.ts";
import type { Away, Connection, Ending, Expired, Online, Opening, Pending, Principal, Session } from "./session.ts";

type At = { readonly at: number };
type Proof = { readonly principal: Principal; readonly authExpiresAt: number };

/** All that can happen to a session, in the past tense. */
export type Event =
  | (At & Proof & { readonly type: "redeemed"; readonly epoch: number; readonly connection: Connection })
  | (At & { readonly type: "greeted"; readonly connectionId: string; readonly instance: InstanceId })
  | (At & { readonly type: "dropped"; readonly connectionId: string; readonly ending: Ending })
  | (At & { readonly type: "lapsed" })
  | (At & { readonly type: "graced" })
  | (At & Proof & { readonly type: "renewed"; readonly renewals: number })
  | (At & { readonly type: "expired" })
  | (At & { readonly type: "ended"; readonly ending: Ending });

/** What a transition writes; `undefined` removes. */
export type Patch = {
  readonly state?: Session["state"];
  readonly since?: number;
  readonly dueAt?: number;
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
};

/** A transition: what it writes, and what the timeline says of it. */
export type Change = { readonly patch: Patch; readonly entry: Entry };

export type State = Exclude<Session["state"], "ended">;
type In<S extends State> = Extract<Session, { state: S }>;
type On<T extends Event["type"]> = Extract<Event, { type: T }>;
type Cell<S extends State, T extends Event["type"]> = ((session: In<S>, event: On<T>) => Change | "ignored") | "ignored";
type Table = { readonly [S in State]: { readonly [T in Event["type"]]: Cell<S, T> } };

const nobody = { connection: undefined, previous: undefined, closesAt: undefined, backBy: undefined, ending: undefined } as const;

/** Notes the connection a ticket let in. It looks at nothing but the event, so redeeming needs no read. */
export function reserve(event: On<"redeemed">): Change {
  const { at, epoch, connection, principal, authExpiresAt } = event;
  const lapsesAt = at + limits.session.openingMs;
  return {
    patch: { ticketEpoch: epoch, pending: { epoch, connection, principal, authExpiresAt, lapsesAt }, dueAt: lapsesAt },
    entry: { type: "session.opening", epoch, inferred: false },
  };
}

/** Extends the lease. Like `reserve`, it needs no read while the session is online. */
export function extend({ principal, authExpiresAt, renewals }: On<"renewed">): Change {
  return {
    patch: { principal, authExpiresAt, renewals },
    entry: { type: "session.renewed", inferred: false, evidence: { authExpiresAt } },
  };
}

function greet(session: In<State>, { at, connectionId, instance }: On<"greeted">): Change | "ignored" {
  const { pending } = session;
  if (pending?.connection.id !== connectionId) return "ignored";
  const held = session.state === "online" || session.state === "expired";
  return {
    patch: {
      ...nobody,
      state: "online",
      since: session.state === "online" ? session.since : at,
      epoch: pending.epoch,
      connection: pending.connection,
      instance,
      previous: held ? { epoch: session.epoch, until: at + limits.session.handoverMs } : undefined,
      principal: pending.principal,
      authExpiresAt: extended(session, pending),
      pending: undefined,
    },
    entry: {
      type: held ? "session.superseded" : session.state === "away" ? "session.resumed" : "session.online",
      epoch: pending.epoch,
      inferred: false,
    },
  };
}

function release(session: Online | Expired, event: On<"dropped">): Change | "ignored" {
  const { at, connectionId, ending } = event;
  if (session.connection.id !== connectionId) return forget(session, event);
  return {
    patch: { ...nobody, state: "away", since: at, backBy: at + session.graceMs, ending },
    entry: { type: "session.away", epoch: session.epoch, ...ending },
  };
}

/** A connection that never said hello went: the session is what it was. */
function forget(session: In<State>, { connectionId, ending }: On<"dropped">): Change | "ignored" {
  if (session.pending?.connection.id !== connectionId) return "ignored";
  if (session.state === "opening") return end(session, ending);
  return { patch: { pending: undefined }, entry: { type: "session.lapsed", epoch: session.pending.epoch, ...ending } };
}

const lapse: Ending = { cause: "opening.lapsed", actor: { type: "system" }, inferred: false };

function lapsed(session: In<State>, { at }: On<"lapsed">): Change | "ignored" {
  if (session.pending === undefined || at < session.pending.lapsesAt) return "ignored";
  if (session.state === "opening") return end(session, lapse);
  return { patch: { pending: undefined }, entry: { type: "session.lapsed", epoch: session.pending.epoch, ...lapse } };
}

function end(session: In<State>, ending: Ending): Change {
  return {
    patch: { ...nobody, instance: undefined, pending: undefined, state: "ended", ending },
    entry: { type: "session.ended", epoch: session.epoch, ...ending },
  };
}

const ended = (session: In<State>, { ending }: On<"ended">): Change => end(session, ending);

function graced(session: Away, { at }: On<"graced">): Change | "ignored" {
  if (at < session.backBy) return "ignored";
  return end(session, { cause: "grace.over", actor: { type: "system" }, inferred: false, evidence: { awayFor: session.ending.cause } });
}

function expire(session: Online, { at }: On<"expired">): Change | "ignored" {
  if (at < session.authExpiresAt) return "ignored";
  return {
    patch: { state: "expired", since: at, closesAt: at + limits.auth.renewMs },
    entry: { type: "session.expired", epoch: session.epoch, inferred: false, evidence: { authExpiresAt: session.authExpiresAt } },
  };
}

function revive(session: Expired, event: On<"renewed">): Change {
  const { patch, entry } = extend(event);
  return { patch: { ...patch, state: "online", since: event.at, closesAt: undefined }, entry: { ...entry, epoch: session.epoch } };
}

const unopened = (_: Opening, event: On<"renewed">): Change => extend(event);

const table: Table = {
  opening: {
    redeemed: (_, e) => reserve(e),
    greeted: greet,
    dropped: forget,
    lapsed,
    graced: "ignored",
    renewed: unopened,
    expired: "ignored",
    ended,
  },
  online: {
    redeemed: (_, e) => reserve(e),
    greeted: greet,
    dropped: release,
    lapsed,
    graced: "ignored",
    renewed: (_, e) => extend(e),
    expired: expire,
    ended,
  },
  away: { redeemed: (_, e) => reserve(e), greeted: greet, dropped: forget, lapsed, graced, renewed: "ignored", expired: "ignored", ended },
  expired: {
    redeemed: (_, e) => reserve(e),
    greeted: greet,
    dropped: release,
    lapsed,
    graced: "ignored",
    renewed: revive,
    expired: "ignored",
    ended,
  },
};

/** The session's next state, or `ignored`. Pure; the caller stores it. An ended session ignores all. */
export function next(session: Session, event: Event): Change | "ignored" {
  if (session.state === "ended") return "ignored";
  // The table pairs each state with its own session and each event with its own cell; TypeScript cannot follow the look-up.
  const cell = table[session.state][event.type] as ((session: Session, event: Event) => Change | "ignored") | "ignored";
  return cell === "ignored" ? "ignored" : cell(session, event);
}
