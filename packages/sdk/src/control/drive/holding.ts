import { limits } from "@tether/protocol/limits";
import { step, type Table } from "../../machine/table.ts";

/** Instants are by this end's steady clock, in ms. `attempt` numbers the renewals and the waits for them. */
type Numbered = { readonly attempt: number };

/** Another session holds control, or none does. */
export type Without = Numbered & { readonly state: "without" };
/** The broker said that this end holds control; its permit may be on the way. */
export type Awaiting = Numbered & { readonly state: "awaiting"; readonly epoch: number; readonly until: number };
/** A holding: control of this end, and its permit. `used`: this end commanded since. */
export type Holding = Numbered & {
  readonly state: "holding";
  readonly epoch: number;
  readonly permit: string;
  readonly since: number;
  readonly renewAt: number;
  readonly used: boolean;
};
/** A fresh permit was asked for; the one before is good until then. */
export type Renewing = Numbered & { readonly state: "renewing"; readonly epoch: number; readonly before: Holding | undefined };
export type State = Without | Awaiting | Holding | Renewing;

export type Happening =
  /** `leftMs`: how long the lease still is. */
  | { readonly type: "permitIssued"; readonly epoch: number; readonly permit: string; readonly leftMs: number }
  /** By the broker's notice this end holds control. `fresh`: a permit may be on the way. */
  | { readonly type: "holderNamed"; readonly epoch: number; readonly fresh: boolean }
  /** By the broker's notice this end does not hold control, or it let go. */
  | { readonly type: "controlLost"; readonly epoch: number }
  /** The robot needs a fresh permit. */
  | { readonly type: "permitWanted" }
  | { readonly type: "commanded" }
  | { readonly type: "due"; readonly attempt: number }
  /** The broker answered a renewal with a problem. */
  | { readonly type: "renewalRefused"; readonly attempt: number }
  /** The connection is live again: what was asked before may be lost. */
  | { readonly type: "welcomed" };
export type Event = Happening & { readonly at: number };
type On<Type extends Event["type"]> = Extract<Event, { type: Type }>;

/** How long a permit that is on the way is waited for, and how long an answer to a renewal, in ms. */
export const patienceMs = { awaiting: 2_000, renewing: 5_000 } as const;
/** Permits are asked for so far apart at least, whatever the robot says. */
const apartMs = limits.control.askMs / 2;

export const initial: Without = { state: "without", attempt: 0 };

function hold({ attempt }: State, { epoch, permit, leftMs, at }: On<"permitIssued">): Holding {
  const renewAt = at + Math.max(leftMs - limits.control.renewMs, leftMs / 2);
  return { state: "holding", attempt: attempt + 1, epoch, permit, since: at, renewAt, used: false };
}

function renew({ attempt }: State, epoch: number, before: Holding | undefined): Renewing {
  return { state: "renewing", attempt: attempt + 1, epoch, before };
}

/** The newest epoch counts: frames come in any order. */
function permitIssued(state: Awaiting | Holding | Renewing, event: On<"permitIssued">): State {
  return event.epoch >= state.epoch ? hold(state, event) : state;
}

/** A notice of this epoch says nothing new; one of a later epoch means that the permit at hand is void. */
function holderNamed(state: State, { epoch, fresh, at }: On<"holderNamed">): State {
  if ("epoch" in state && epoch <= state.epoch) return state;
  if (!fresh) return renew(state, epoch, undefined);
  return { state: "awaiting", attempt: state.attempt + 1, epoch, until: at + patienceMs.awaiting };
}

function controlLost(state: Awaiting | Holding | Renewing, { epoch }: On<"controlLost">): State {
  return epoch >= state.epoch ? { state: "without", attempt: state.attempt + 1 } : state;
}

function permitWanted(state: Holding, { at }: On<"permitWanted">): State {
  if (at - state.since >= apartMs) return renew(state, state.epoch, state);
  return { ...state, attempt: state.attempt + 1, used: true, renewAt: Math.min(state.renewAt, state.since + apartMs) };
}

/** Control is renewed only while its holder drives: at the time, or with the first command after it. R12 */
function commanded(state: Holding, { at }: On<"commanded">): State {
  if (at >= state.renewAt) return renew(state, state.epoch, state);
  return state.used ? state : { ...state, used: true };
}

function due(state: Holding, { attempt, at }: On<"due">): State {
  return attempt === state.attempt && state.used && at >= state.renewAt ? renew(state, state.epoch, state) : state;
}

function again(state: Renewing, { attempt }: On<"due">): State {
  return attempt === state.attempt ? renew(state, state.epoch, state.before) : state;
}

function renewalRefused(state: Renewing, { attempt, at }: On<"renewalRefused">): State {
  if (attempt !== state.attempt) return state;
  if (!state.before) return { state: "without", attempt: attempt + 1 };
  return { ...state.before, attempt: attempt + 1, renewAt: at + limits.control.askMs, used: false };
}

const table: Table<State, Event> = {
  without: {
    permitIssued: hold,
    holderNamed,
    controlLost: "ignored",
    permitWanted: "ignored",
    commanded: "ignored",
    due: "ignored",
    renewalRefused: "ignored",
    welcomed: "ignored",
  },
  awaiting: {
    permitIssued,
    holderNamed,
    controlLost,
    permitWanted: "ignored",
    commanded: "ignored",
    due: (state, { attempt }) => (attempt === state.attempt ? renew(state, state.epoch, undefined) : state),
    renewalRefused: "ignored",
    welcomed: (state) => renew(state, state.epoch, undefined),
  },
  holding: {
    permitIssued,
    holderNamed,
    controlLost,
    permitWanted,
    commanded,
    due,
    renewalRefused: "ignored",
    welcomed: "ignored",
  },
  renewing: {
    permitIssued,
    holderNamed,
    controlLost,
    permitWanted: "ignored",
    commanded: "ignored",
    due: again,
    renewalRefused,
    welcomed: (state) => renew(state, state.epoch, state.before),
  },
};

export function next(state: State, event: Event): State {
  return step(table, state, event);
}

/** The permit at hand, and the epoch it is for. */
export function permitOf(state: State): Pick<Holding, "epoch" | "permit"> | undefined {
  return state.state === "holding" ? state : state.state === "renewing" ? state.before : undefined;
}
