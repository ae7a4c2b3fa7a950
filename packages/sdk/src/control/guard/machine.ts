import { cellOf, type Table } from "../../machine/table.ts";
import { clockSampled, commanded, resumed } from "./command.ts";
import { applyDeadlines } from "./deadline.ts";
import type { Event, On } from "./event.ts";
import { noticed, signallingLost, welcomed } from "./notice.ts";
import { channelsOpened, latchWritten, stopOrdered } from "./order.ts";
import { acceptance, beginStop, dismissHolder, type Outcome, outcome, withKnown } from "./outcome.ts";
import { permitShown } from "./permit.ts";
import type { Armed, Driving, Idle, State, Stopping } from "./state.ts";

function channelsClosed(state: Armed | Driving | Stopping, { pair, at }: On<"channelsClosed">): Outcome {
  return outcome(state.holder?.pair === pair ? dismissHolder(state, "channel.closed", at) : state);
}

function stopDone(state: Stopping, { turn, stages = [], at }: On<"stopDone">): Outcome {
  const { known, reason, since, holder, greet, ending } = state;
  if (turn !== known.turn) return outcome(state);
  const { order } = known;
  const stopped = { type: "stopped", reason, latencyMs: at - since, stop: order.latched ? order.number : undefined, stages } as const;
  if (ending) return outcome({ state: "ended", known }, stopped);
  if (!holder) return outcome({ state: "idle", known }, stopped);
  return outcome({ state: "armed", known, holder }, stopped, ...(greet ? [acceptance(known, holder)] : []));
}

function driverFailed(state: Driving, { at }: On<"driverFailed">): Outcome {
  return outcome(beginStop(state, { reason: "driver.failed", at, holder: state.holder }));
}

function pictureAnnounced(state: Idle | Armed | Driving | Stopping): Outcome {
  return outcome(withKnown(state, { announcesPictures: true }));
}

function sessionEnded(state: Idle | Armed | Driving | Stopping, { at }: On<"sessionEnded">): Outcome {
  const leaving = state.state === "stopping" ? state : beginStop(state, { reason: "leaving", at, holder: undefined });
  return outcome({ ...leaving, holder: undefined, ending: true });
}

const table: Table<State, Event, Outcome> = {
  idle: {
    permitShown,
    commanded: "ignored",
    stopOrdered,
    channelsOpened,
    latchWritten,
    pictureAnnounced,
    resumed: "ignored",
    clockSampled: "ignored",
    channelsClosed: "ignored",
    welcomed,
    noticed,
    signallingLost,
    stopDone: "ignored",
    driverFailed: "ignored",
    due: "ignored",
    sessionEnded,
  },
  armed: {
    permitShown,
    commanded,
    stopOrdered,
    channelsOpened,
    latchWritten,
    pictureAnnounced,
    resumed,
    clockSampled,
    channelsClosed,
    welcomed,
    noticed,
    signallingLost,
    stopDone: "ignored",
    driverFailed: "ignored",
    due: "ignored",
    sessionEnded,
  },
  driving: {
    permitShown,
    commanded,
    stopOrdered,
    channelsOpened,
    latchWritten,
    pictureAnnounced,
    resumed: "ignored",
    clockSampled,
    channelsClosed,
    welcomed,
    noticed,
    signallingLost,
    stopDone: "ignored",
    driverFailed,
    due: "ignored",
    sessionEnded,
  },
  stopping: {
    permitShown,
    commanded: "ignored",
    stopOrdered,
    channelsOpened,
    latchWritten,
    pictureAnnounced,
    resumed: "ignored",
    clockSampled: "ignored",
    channelsClosed,
    welcomed,
    noticed,
    signallingLost,
    stopDone,
    driverFailed: "ignored",
    due: "ignored",
    sessionEnded,
  },
  ended: {
    permitShown: "ignored",
    commanded: "ignored",
    stopOrdered: "ignored",
    channelsOpened: "ignored",
    latchWritten: "ignored",
    pictureAnnounced: "ignored",
    resumed: "ignored",
    clockSampled: "ignored",
    channelsClosed: "ignored",
    welcomed: "ignored",
    noticed: "ignored",
    signallingLost: "ignored",
    stopDone: "ignored",
    driverFailed: "ignored",
    due: "ignored",
    sessionEnded: "ignored",
  },
};

/** The guard's next state, and what is to be done. Pure. */
export function next(state: State, event: Event): Outcome {
  const before = applyDeadlines(state, event.at);
  const cell = cellOf(table, before.state, event);
  const during = cell === "ignored" ? outcome(before.state) : cell(before.state, event);
  const after = applyDeadlines(during.state, event.at);
  const effects = [...before.effects, ...during.effects, ...after.effects];
  // The stop begins before what is done besides: nothing may move the robot after it.
  const isDriving = after.state.state === "driving";
  return { state: after.state, effects: isDriving ? effects : effects.filter(({ type }) => type !== "command") };
}
