import { limits } from "@tether/protocol/limits";
import { step, type Table } from "../../machine/table.ts";

/** Instants are by this end's steady clock, in ms. `turn` numbers the renewals and the waits for them. */
type Turned = { readonly turn: number };

/** Another holds control, or nobody. */
export type Without = Turned & { readonly state: "without" };
/** The broker said that this end holds control; its grant may be on the way. */
export type Awaiting = Turned & { readonly state: "awaiting"; readonly epoch: number; readonly until: number };
/** This end holds control, and the grant that says so. `used`: it commanded since. */
export type Holding = Turned & {
  readonly state: "holding";
  readonly epoch: number;
  readonly grant: string;
  readonly since: number;
  readonly renewAt: number;
  readonly used: boolean;
};
/** A fresh grant was asked for; the one before is good until then. */
export type Renewing = Turned & { readonly state: "renewing"; readonly epoch: number; readonly before: Holding | undefined };
export type State = Without | Awaiting | Holding | Renewing;

export type Happening =
  /** `leftMs`: how long the lease still is. */
  | { readonly type: "granted"; readonly epoch: number; readonly grant: string; readonly leftMs: number }
  /** By the broker's word this end holds control. `fresh`: a grant may be on the way. */
  | { readonly type: "named"; readonly epoch: number; readonly fresh: boolean }
  /** By the broker's word it does not, or it let go. */
  | { readonly type: "lost"; readonly epoch: number }
  /** The robot needs a fresh grant. */
  | { readonly type: "asked" }
  | { readonly type: "used" }
  | { readonly type: "due"; readonly turn: number }
  /** The broker answered a renewal with a problem. */
  | { readonly type: "rejected"; readonly turn: number }
  /** The connection is live again: what was asked before may be lost. */
  | { readonly type: "welcomed" };
export type Event = Happening & { readonly at: number };
type On<Type extends Event["type"]> = Extract<Event, { type: Type }>;

/** How long a grant that is on the way is waited for, and how long an answer to a renewal, in ms. */
export const patienceMs = { awaiting: 2_000, renewing: 5_000 } as const;
/** Grants are asked for so far apart at least, whatever the robot says. */
const apartMs = limits.control.askMs / 2;

export const initial: Without = { state: "without", turn: 0 };

function hold({ turn }: State, { epoch, grant, leftMs, at }: On<"granted">): Holding {
  const renewAt = at + Math.max(leftMs - limits.control.renewMs, leftMs / 2);
  return { state: "holding", turn: turn + 1, epoch, grant, since: at, renewAt, used: false };
}

function renew({ turn }: State, epoch: number, before: Holding | undefined): Renewing {
  return { state: "renewing", turn: turn + 1, epoch, before };
}

/** The newest epoch counts: frames come in any order. */
function granted(state: Awaiting | Holding | Renewing, event: On<"granted">): State {
  return event.epoch >= state.epoch ? hold(state, event) : state;
}

/** A word of this epoch says nothing new; one of a later means that the grant at hand is void. */
function named(state: State, { epoch, fresh, at }: On<"named">): State {
  if ("epoch" in state && epoch <= state.epoch) return state;
  if (!fresh) return renew(state, epoch, undefined);
  return { state: "awaiting", turn: state.turn + 1, epoch, until: at + patienceMs.awaiting };
}

function lost(state: Awaiting | Holding | Renewing, { epoch }: On<"lost">): State {
  return epoch >= state.epoch ? { state: "without", turn: state.turn + 1 } : state;
}

function asked(state: Holding, { at }: On<"asked">): State {
  if (at - state.since >= apartMs) return renew(state, state.epoch, state);
  return { ...state, turn: state.turn + 1, used: true, renewAt: Math.min(state.renewAt, state.since + apartMs) };
}

/** It renews while it drives only: at the time, or with the first command after it. R12 */
function used(state: Holding, { at }: On<"used">): State {
  if (at >= state.renewAt) return renew(state, state.epoch, state);
  return state.used ? state : { ...state, used: true };
}

function due(state: Holding, { turn, at }: On<"due">): State {
  return turn === state.turn && state.used && at >= state.renewAt ? renew(state, state.epoch, state) : state;
}

function again(state: Renewing, { turn }: On<"due">): State {
  return turn === state.turn ? renew(state, state.epoch, state.before) : state;
}

function rejected(state: Renewing, { turn, at }: On<"rejected">): State {
  if (turn !== state.turn) return state;
  if (!state.before) return { state: "without", turn: turn + 1 };
  return { ...state.before, turn: turn + 1, renewAt: at + limits.control.askMs, used: false };
}

const table: Table<State, Event> = {
  without: {
    granted: hold,
    named,
    lost: "ignored",
    asked: "ignored",
    used: "ignored",
    due: "ignored",
    rejected: "ignored",
    welcomed: "ignored",
  },
  awaiting: {
    granted,
    named,
    lost,
    asked: "ignored",
    used: "ignored",
    due: (state, { turn }) => (turn === state.turn ? renew(state, state.epoch, undefined) : state),
    rejected: "ignored",
    welcomed: (state) => renew(state, state.epoch, undefined),
  },
  holding: { granted, named, lost, asked, used, due, rejected: "ignored", welcomed: "ignored" },
  renewing: {
    granted,
    named,
    lost,
    asked: "ignored",
    used: "ignored",
    due: again,
    rejected,
    welcomed: (state) => renew(state, state.epoch, state.before),
  },
};

export function next(state: State, event: Event): State {
  return step(table, state, event);
}

/** The grant at hand, and the epoch it is for. */
export function grantOf(state: State): Pick<Holding, "epoch" | "grant"> | undefined {
  return state.state === "holding" ? state : state.state === "renewing" ? state.before : undefined;
}
