import { cellOf, type Table } from "../../machine/table.ts";
import { commanded, resumed, sampled } from "./command.ts";
import type { Event, On } from "./event.ts";
import { lapse } from "./lapse.ts";
import { joined, noted, ordered } from "./order.ts";
import { accepted, dismiss, know, type Outcome, still, stop } from "./outcome.ts";
import { shown } from "./show.ts";
import type { Armed, Driving, Idle, State, Stopping } from "./state.ts";
import { lost, told, welcomed } from "./word.ts";

function closed(state: Armed | Driving | Stopping, { link, at }: On<"closed">): Outcome {
  return still(state.holder?.link === link ? dismiss(state, "channel.closed", at) : state);
}

function carried(state: Stopping, { turn, stages = [], at }: On<"carried">): Outcome {
  const { known, reason, since, holder, greet, ending } = state;
  if (turn !== known.turn) return still(state);
  const { order } = known;
  const stopped = { type: "stopped", reason, latencyMs: at - since, stop: order.latched ? order.number : undefined, stages } as const;
  if (ending) return still({ state: "ended", known }, stopped);
  if (!holder) return still({ state: "idle", known }, stopped);
  return still({ state: "armed", known, holder }, stopped, ...(greet ? [accepted(known, holder)] : []));
}

function failed(state: Driving, { at }: On<"failed">): Outcome {
  return still(stop(state, { reason: "driver.failed", at, holder: state.holder }));
}

function pictured(state: Idle | Armed | Driving | Stopping): Outcome {
  return still(state.known.isPictured ? state : know(state, { isPictured: true }));
}

function left(state: Idle | Armed | Driving | Stopping, { at }: On<"left">): Outcome {
  const leaving = state.state === "stopping" ? state : stop(state, { reason: "leaving", at, holder: undefined });
  return still({ ...leaving, holder: undefined, greet: false, ending: true });
}

const table: Table<State, Event, Outcome> = {
  idle: {
    shown,
    commanded: "ignored",
    ordered,
    joined,
    noted,
    pictured,
    resumed: "ignored",
    sampled: "ignored",
    closed: "ignored",
    welcomed,
    told,
    lost,
    carried: "ignored",
    failed: "ignored",
    due: "ignored",
    left,
  },
  armed: {
    shown,
    commanded,
    ordered,
    joined,
    noted,
    pictured,
    resumed,
    sampled,
    closed,
    welcomed,
    told,
    lost,
    carried: "ignored",
    failed: "ignored",
    due: "ignored",
    left,
  },
  driving: {
    shown,
    commanded,
    ordered,
    joined,
    noted,
    pictured,
    resumed: "ignored",
    sampled,
    closed,
    welcomed,
    told,
    lost,
    carried: "ignored",
    failed,
    due: "ignored",
    left,
  },
  stopping: {
    shown,
    commanded: "ignored",
    ordered,
    joined,
    noted,
    pictured,
    resumed: "ignored",
    sampled: "ignored",
    closed,
    welcomed,
    told,
    lost,
    carried,
    failed: "ignored",
    due: "ignored",
    left,
  },
  ended: {
    shown: "ignored",
    commanded: "ignored",
    ordered: "ignored",
    joined: "ignored",
    noted: "ignored",
    pictured: "ignored",
    resumed: "ignored",
    sampled: "ignored",
    closed: "ignored",
    welcomed: "ignored",
    told: "ignored",
    lost: "ignored",
    carried: "ignored",
    failed: "ignored",
    due: "ignored",
    left: "ignored",
  },
};

/** The guard's next state, and what is to be done. Pure. */
export function next(state: State, event: Event): Outcome {
  const before = lapse(state, event.at);
  const cell = cellOf(table, before.state, event);
  const during = cell === "ignored" ? still(before.state) : cell(before.state, event);
  const after = lapse(during.state, event.at);
  const effects = [...before.effects, ...during.effects, ...after.effects];
  // The stop begins before what is done besides: nothing may move the robot after it.
  const isDriving = after.state.state === "driving";
  return { state: after.state, effects: isDriving ? effects : effects.filter(({ type }) => type !== "command") };
}
