import { limits } from "@tether/protocol/limits";
import { attributeSilence, withEvidence } from "../../live/ending.ts";
import { mayMonitor } from "../../live/monitor.ts";
import type { Away, Expired, Online, Session } from "../../live/session.ts";
import type { Pending } from "../../store/connection.ts";
import type { Ending } from "../../store/ending.ts";
import { accountOf } from "./account.ts";
import { closingFor } from "./closing.ts";
import { missedWarnings } from "./due.ts";
import type { Change, Event, In, On, State, Table } from "./event.ts";
import { expire, extend, extended, revive, warn } from "./lease.ts";
import { giveUp, lapse, reserve } from "./pending.ts";
import { byNewer, recent, withSuperseded } from "./takeover.ts";

const nobody = {
  connection: undefined,
  previous: undefined,
  monitors: undefined,
  closesAt: undefined,
  backBy: undefined,
  ending: undefined,
} as const;

function greet(
  session: In<State>,
  { at, connectionId, instance, monitors, keepsAlive, before, tracks }: On<"greeted">,
): Change | "ignored" {
  const { pending } = session;
  if (pending?.connection.id !== connectionId) return "ignored";
  const held = session.state === "online" || session.state === "expired";
  if (held && session.instance !== instance && session.superseded?.includes(instance)) return dismiss(session, pending, at);
  const superseded = held && session.instance !== instance ? session.connection : undefined;
  // A machine that restarts takes over from the run that it had: only another machine is a rival.
  const takeovers = superseded && !before ? recent([...(session.takeovers ?? []), at]) : session.takeovers;
  const contested = takeovers !== session.takeovers && (takeovers?.length ?? 0) >= limits.session.contest.takeovers;
  const authExpiresAt = extended(session, pending);
  const type = contested
    ? "session.contested"
    : held
      ? "session.superseded"
      : session.state === "away"
        ? "session.resumed"
        : "session.online";
  const account = accountOf(before);
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
      authExpiresAt,
      warned: missedWarnings(authExpiresAt, at),
      verifiedAt: at,
      takeovers,
      monitors: monitors && mayMonitor(pending.principal) ? true : undefined,
      keepsAlive: keepsAlive || undefined,
      tracks,
      superseded: superseded && held ? withSuperseded(session) : session.superseded,
      pending: undefined,
    },
    entry: {
      type,
      epoch: pending.epoch,
      inferred: false,
      ...(account.cause && { cause: account.cause }),
      evidence: { instance, ...(contested && { takeovers: takeovers?.length ?? 0 }), ...account.evidence },
    },
    // The same instance closes the one before by itself, once what was in flight on it has arrived.
    closings: closingFor(session, { ...byNewer(pending, session), evidence: { instance } }, { at, connection: superseded }),
  };
}

/** A superseded instance came back, though it was told to stay away: its new connection is given up and closed. */
function dismiss(session: Online | Expired, pending: Pending, at: number): Change {
  return giveUp(
    session,
    pending,
    { ...byNewer(session, session), evidence: { instance: session.instance } },
    { at, as: "session.dismissed" },
  );
}

function release(session: Online | Expired, event: On<"disconnected">): Change | "ignored" {
  const { at, connectionId } = event;
  const { connection } = session;
  if (connection.id !== connectionId) return forget(session, event);
  const ending = withEvidence(session, attributeSilence(event.ending, session), { at, connection });
  return {
    patch: { ...nobody, state: "away", since: at, backBy: at + session.graceMs, ending },
    entry: { type: "session.away", epoch: session.epoch, ...ending },
    ...(event.closing && { closings: closingFor(session, ending, { at, connection }) }),
  };
}

/** A connection that never said hello went: the session is what it was. */
function forget(session: In<State>, { at, connectionId, ending }: On<"disconnected">): Change | "ignored" {
  const { pending } = session;
  if (pending?.connection.id !== connectionId) return "ignored";
  if (session.state === "opening") return end(session, withEvidence(session, ending, { at, connection: pending.connection }));
  const { patch, entry } = giveUp(session, pending, ending, { at, as: "session.lapsed" });
  return { patch, entry };
}

/** Asked about a connection the gateway says only that it is gone. Its own word comes later, and says how it closed. */
function explain(session: Away, event: On<"disconnected">): Change | "ignored" {
  const { evidence = {} } = session.ending;
  const isVouched = event.epoch === session.epoch && evidence.found === "asked" && event.ending.evidence?.closeCode !== undefined;
  if (!isVouched) return forget(session, event);
  const judged = attributeSilence(event.ending, session);
  const ending = { ...judged, evidence: { ...(evidence.kid !== undefined && { kid: evidence.kid }), ...judged.evidence } };
  return { patch: { ending }, entry: { type: "session.explained", epoch: session.epoch, ...ending } };
}

function lapsed(session: In<State>, { at }: On<"lapsed">): Change | "ignored" {
  const { pending } = session;
  if (pending === undefined || at < pending.lapsesAt) return "ignored";
  return session.state === "opening" ? finish(session, lapse, at) : giveUp(session, pending, lapse, { at, as: "session.lapsed" });
}

function withdrawn(session: In<State>, { at, connectionId, ending }: On<"withdrawn">): Change | "ignored" {
  const { pending } = session;
  if (pending?.connection.id !== connectionId) return "ignored";
  return session.state === "opening" ? finish(session, ending, at) : giveUp(session, pending, ending, { at, as: "session.lapsed" });
}

function end(session: In<State>, ending: Ending): Change {
  return {
    patch: { ...nobody, instance: undefined, pending: undefined, state: "ended", ending },
    entry: { type: "session.ended", epoch: session.epoch, ...ending },
  };
}

/** Ended from outside: whatever connection it has is told and closed. */
function finish(session: In<State>, ending: Ending, at: number): Change {
  const { pending } = session;
  const connection = session.state === "online" || session.state === "expired" ? session.connection : undefined;
  return {
    ...end(session, withEvidence(session, ending, { at, connection: connection ?? pending?.connection })),
    closings: [...closingFor(session, ending, { at, connection }), ...closingFor(session, ending, { at, ...pending })],
  };
}

const ended = (session: In<State>, { at, ending }: On<"ended">): Change => finish(session, ending, at);

function graceOver(session: Away, { at }: On<"graceOver">): Change | "ignored" {
  if (at < session.backBy) return "ignored";
  const { cause, inferred, evidence: { lastSeenAt = session.verifiedAt, closeCode, connectionAgeMs } = {} } = session.ending;
  const grounds = {
    concluded: true,
    ...(closeCode !== undefined && { closeCode }),
    ...(connectionAgeMs !== undefined && { connectionAgeMs }),
  };
  // Where the gateway had to be asked the last sign of life may be two hours older than when the session was found away.
  const evidence = { awayFor: cause, awaySince: session.since, lastSeenAt, ...(inferred && grounds) };
  return finish(session, { cause: "grace.over", actor: { type: "system" }, inferred: false, evidence }, at);
}

function restrict(session: Online | Expired): Change | "ignored" {
  return session.monitors ? { patch: { monitors: undefined } } : "ignored";
}

const reserved = (_: Session, event: On<"redeemed">): Change => reserve(event);
const renewed = (_: Session, event: On<"renewed">): Change => extend(event);

const table: Table = {
  opening: {
    redeemed: reserved,
    greeted: greet,
    disconnected: forget,
    lapsed,
    withdrawn,
    graceOver: "ignored",
    warned: "ignored",
    renewed: "ignored",
    expired: "ignored",
    restricted: "ignored",
    ended,
  },
  online: {
    redeemed: reserved,
    greeted: greet,
    disconnected: release,
    lapsed,
    withdrawn,
    graceOver: "ignored",
    warned: warn,
    renewed,
    expired: expire,
    restricted: restrict,
    ended,
  },
  away: {
    redeemed: reserved,
    greeted: greet,
    disconnected: explain,
    lapsed,
    withdrawn,
    graceOver,
    warned: "ignored",
    renewed: "ignored",
    expired: "ignored",
    restricted: "ignored",
    ended,
  },
  expired: {
    redeemed: reserved,
    greeted: greet,
    disconnected: release,
    lapsed,
    withdrawn,
    graceOver: "ignored",
    warned: "ignored",
    renewed: revive,
    expired: "ignored",
    restricted: restrict,
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
