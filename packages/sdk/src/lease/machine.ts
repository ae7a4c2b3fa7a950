import { limits } from "@tether/protocol/limits";
import { waitMs } from "../backoff.ts";
import { step, type Table } from "../machine/table.ts";
import type { Refusal } from "../ticket/source.ts";

/**
 * Instants are by this end's clock. `attemptId` numbers the attempts; `failures` counts them since the last success. `fresh`: the token at
 * hand renews nothing, so the next ticket is bought with one that is renewed for it.
 */
type Held = { readonly attemptId: number; readonly failures: number; readonly expiresAt: number; readonly fresh: boolean };

export type Resting = Held & { readonly state: "resting"; readonly until: number };
/** Fetching a renew ticket. */
export type Asking = Held & { readonly state: "asking" };
/** The ticket was sent and the broker's answer is awaited. `leaseEndsAt`: when the lease ends after it, by the ticket's word. */
export type Proving = Held & { readonly state: "proving"; readonly ticket: string; readonly leaseEndsAt: number };
/** Renewal was refused for good. The lease still holds to its end, and a warning makes us ask again. */
export type Denied = Held & { readonly state: "denied" };
export type State = Resting | Asking | Proving | Denied;

export type Happening =
  | { readonly type: "due"; readonly attemptId: number }
  | { readonly type: "ticketed"; readonly attemptId: number; readonly ticket: string; readonly leaseEndsAt: number }
  | { readonly type: "refused"; readonly attemptId: number; readonly refusal: Refusal }
  | { readonly type: "renewed"; readonly expiresAt: number }
  /** The broker answered a renewal with a problem. */
  | { readonly type: "rejected"; readonly attemptId: number }
  /** The broker answered that the renewal moved nothing: the lease ends when it did. */
  | { readonly type: "unmoved"; readonly attemptId: number }
  | { readonly type: "overdue"; readonly attemptId: number }
  /** `auth.expiring`, with when; or it is to be renewed now: `auth.challenge`, or `auth.expired` and `session.expired`, as it is over. */
  | { readonly type: "warned"; readonly expiresAt?: number }
  | { readonly type: "woken" };
export type Event = Happening & { readonly at: number; readonly draw: number };
type On<Type extends Event["type"]> = Extract<Event, { type: Type }>;

/** Renewals are this far apart at least, however short the lease. */
const leastMs = 30_000;
const jitter = 0.05;

/** A lease just granted: it is renewed at 75 % ± 5 % of what is left of it. */
export function rest({ attemptId, at, draw, expiresAt }: { attemptId: number; at: number; draw: number; expiresAt: number }): Resting {
  const share = limits.auth.renewAt + (draw * 2 - 1) * jitter;
  const until = at + Math.max(leastMs, (expiresAt - at) * share);
  return { state: "resting", attemptId: attemptId + 1, failures: 0, expiresAt, fresh: false, until };
}

function ask({ attemptId, failures, expiresAt, fresh }: Held): Asking {
  return { state: "asking", attemptId: attemptId + 1, failures, expiresAt, fresh };
}

function retry({ attemptId, failures, expiresAt, fresh }: Held, { at, draw }: Event, afterMs = 0): Resting {
  const until = at + afterMs + waitMs(failures, draw);
  return { state: "resting", attemptId: attemptId + 1, failures: failures + 1, expiresAt, fresh, until };
}

function refused(state: Asking, event: On<"refused">): State {
  if (event.attemptId !== state.attemptId) return state;
  const { attemptId, failures, expiresAt, fresh } = state;
  const { retry: policy, afterMs } = event.refusal;
  return policy === "never" ? { state: "denied", attemptId, failures, expiresAt, fresh } : retry(state, event, afterMs);
}

const renewed = ({ attemptId }: State, { at, draw, expiresAt }: On<"renewed">): State => rest({ attemptId, at, draw, expiresAt });

/** Of a short lease a warning comes before its time to be renewed has: it is renewed at that time. */
function warned(state: Resting, { expiresAt }: On<"warned">): State {
  return expiresAt !== undefined && state.until <= expiresAt - leastMs ? state : ask(state);
}

function failed(state: Asking | Proving, event: On<"overdue"> | On<"rejected">): State {
  return event.attemptId === state.attemptId ? retry(state, event) : state;
}

/**
 * A fresh token is asked for at once. Where that moves nothing either the lease is what it was, and is renewed in its time. L3.3
 * The ticket tells when that is: the answer to the renewal before may be lost, or this end's clock have been set.
 */
function unmoved(state: Proving, event: On<"unmoved">): State {
  if (event.attemptId !== state.attemptId) return state;
  const held = { ...state, expiresAt: state.leaseEndsAt > event.at ? state.leaseEndsAt : state.expiresAt };
  if (!held.fresh) return ask({ ...held, fresh: true });
  return event.at < held.expiresAt ? { ...rest({ ...held, ...event }), fresh: true } : retry(held, event);
}

const table: Table<State, Event> = {
  resting: {
    due: (state, { attemptId }) => (attemptId === state.attemptId ? ask(state) : state),
    ticketed: "ignored",
    refused: "ignored",
    renewed,
    rejected: "ignored",
    unmoved: "ignored",
    overdue: "ignored",
    warned,
    woken: (state, { at }) => (at >= state.until ? ask(state) : state),
  },
  asking: {
    due: "ignored",
    ticketed: (state, { attemptId, ticket, leaseEndsAt }) =>
      attemptId === state.attemptId ? { ...state, state: "proving", ticket, leaseEndsAt } : state,
    refused,
    renewed,
    rejected: "ignored",
    unmoved: "ignored",
    overdue: failed,
    warned: "ignored",
    woken: "ignored",
  },
  proving: {
    due: "ignored",
    ticketed: "ignored",
    refused: "ignored",
    renewed,
    rejected: failed,
    unmoved,
    overdue: failed,
    warned: "ignored",
    woken: "ignored",
  },
  denied: {
    due: "ignored",
    ticketed: "ignored",
    refused: "ignored",
    renewed,
    rejected: "ignored",
    unmoved: "ignored",
    overdue: "ignored",
    warned: ask,
    woken: ask,
  },
};

export function next(state: State, event: Event): State {
  return step(table, state, event);
}
