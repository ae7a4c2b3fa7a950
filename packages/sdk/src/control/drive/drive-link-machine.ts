import type { StopReason } from "@tether/protocol/control";
import { limits } from "@tether/protocol/limits";
import { step, type Table } from "../../machine/table.ts";
import type { Block } from "./block.ts";
import type { StopInForce } from "./stop-in-force.ts";

/** Instants are by this end's steady clock, in ms. */

/** The epoch in which the robot obeys, or why it does not. */
export type Acceptance = { readonly accepted: number } | "deciding" | "refused";

/** `pair` numbers the pairs of channels. `stop` waits for someone to resume from it. */
type Base = { readonly pair: number; readonly stop: StopInForce | undefined };
type Open = Base & { readonly heardAt: number; readonly acceptance: Acceptance };

/** There are no channels. */
export type Apart = Base & { readonly state: "apart" };
/** There are channels, which are not both open yet. `announced`: the stop in force by what the robot said on the one that is. */
export type Opening = Base & { readonly state: "opening"; readonly announced: StopInForce | undefined };
/** The robot was heard less than `limits.control.silentMs` ago. */
export type Live = Open & { readonly state: "live" };
/** The channels are open, and nothing comes from the robot: what was known of it is no longer so. */
export type Silent = Open & { readonly state: "silent" };
export type State = Apart | Opening | Live | Silent;

/** The messages of the robot that say whether it obeys; all others say only that the robot is there. */
export type Report =
  | { readonly type: "accepted"; readonly epoch: number; readonly stop: number | undefined }
  | { readonly type: "refused" }
  | { readonly type: "stopped"; readonly reason: StopReason; readonly stop: number | undefined }
  | { readonly type: "state"; readonly stop: number | undefined }
  | { readonly type: "latched"; readonly stop: number; readonly kept: boolean }
  | { readonly type: "resumed"; readonly stop: number };

export type Happening =
  | { readonly type: "channelsMade" }
  /** Both channels are open. */
  | { readonly type: "channelsOpened" }
  | { readonly type: "channelsClosed" }
  /** A permit was shown to the robot. */
  | { readonly type: "permitShown"; readonly epoch: number }
  | { readonly type: "heard"; readonly report: Report | undefined }
  | { readonly type: "due" };
export type Event = Happening & { readonly at: number };
type On<Type extends Event["type"]> = Extract<Event, { type: Type }>;

export const initial: Apart = { state: "apart", pair: 0, stop: undefined };

/** Stops after which the robot obeys no command in the epoch of before. */
const endings: ReadonlySet<StopReason> = new Set(["epoch", "permit.over", "signalling.away"]);

/** Whether a stop ended what the robot obeyed. One that drove is told by this alone; where the robot obeys it anew, `accepted` follows. */
export function ends(state: State, reason: StopReason): boolean {
  return "acceptance" in state && typeof state.acceptance !== "string" && endings.has(reason);
}

function channelsMade({ pair, stop }: State): State {
  return { state: "opening", pair: pair + 1, stop, announced: undefined };
}

function channelsClosed({ pair, stop }: State): State {
  return { state: "apart", pair, stop };
}

/** From here on the robot has its time to answer. Where a stop is in force it says so first. R20 */
function channelsOpened({ pair, announced }: Opening, { at }: On<"channelsOpened">): State {
  return { state: "live", pair, stop: announced, heardAt: at, acceptance: "deciding" };
}

/** The robot says so once, and may say it before the other channel is open. */
function stopAnnounced(state: Opening, { report }: On<"heard">): State {
  if (report?.type === "latched") return { ...state, announced: { number: report.stop, kept: report.kept } };
  if (report?.type === "stopped" && report.stop !== undefined) return { ...state, announced: { number: report.stop, kept: true } };
  return report?.type === "resumed" ? { ...state, announced: undefined } : state;
}

/** Whether a stop is kept stays known while its number is the same. */
function stopOf({ stop }: Base, number: number | undefined): StopInForce | undefined {
  if (number === undefined) return undefined;
  return number === stop?.number ? stop : { number, kept: true };
}

function permitShown(state: Live | Silent, { epoch }: On<"permitShown">): State {
  const isKnown = typeof state.acceptance !== "string" && state.acceptance.accepted === epoch;
  return isKnown || state.acceptance === "deciding" ? state : { ...state, acceptance: "deciding" };
}

function heard(before: Live | Silent, { report, at }: On<"heard">): State {
  const state: Live = { ...before, state: "live", heardAt: at };
  switch (report?.type) {
    case undefined:
      return state;
    case "accepted":
      return { ...state, acceptance: { accepted: report.epoch }, stop: stopOf(state, report.stop) };
    case "refused":
      return { ...state, acceptance: "refused" };
    case "state":
      return { ...state, stop: stopOf(state, report.stop) };
    case "latched":
      return { ...state, stop: { number: report.stop, kept: report.kept } };
    case "resumed":
      return { ...state, stop: undefined };
    case "stopped":
      return {
        ...state,
        stop: report.stop === undefined ? state.stop : stopOf(state, report.stop),
        ...(ends(state, report.reason) && { acceptance: "refused" as const }),
      };
  }
}

function due(state: Live, { at }: On<"due">): State {
  return at >= silentAt(state) ? { ...state, state: "silent" } : state;
}

/** When the robot counts as silent unless it is heard before. */
export function silentAt({ heardAt }: Pick<Open, "heardAt">): number {
  return heardAt + limits.control.silentMs;
}

const table: Table<State, Event> = {
  apart: {
    channelsMade,
    channelsOpened: "ignored",
    channelsClosed: "ignored",
    permitShown: "ignored",
    heard: "ignored",
    due: "ignored",
  },
  opening: { channelsMade, channelsOpened, channelsClosed, permitShown: "ignored", heard: stopAnnounced, due: "ignored" },
  live: { channelsMade, channelsOpened: "ignored", channelsClosed, permitShown, heard, due },
  silent: { channelsMade, channelsOpened: "ignored", channelsClosed, permitShown, heard, due: "ignored" },
};

/** The next state. Pure; the same object if nothing changes. */
export function next(state: State, event: Event): State {
  return step(table, state, event);
}

/** Why the robot would not obey a command of this epoch. A timer that is late changes nothing about it. */
export function blockOf(state: State, epoch: number | undefined, at: number): Block | undefined {
  if (state.state === "apart" || state.state === "opening") return "channel.closed";
  if (state.state === "silent" || at >= silentAt(state)) return "robot.silent";
  if (state.acceptance === "refused") return "robot.refused";
  if (state.acceptance === "deciding" || state.acceptance.accepted !== epoch) return "robot.deciding";
  return state.stop === undefined ? undefined : "stopped";
}
