import { limits } from "@tether/protocol/limits";
import type { On } from "./event.ts";
import { beginStop, holderOf, messageTo, type Outcome, outcome, withKnown } from "./outcome.ts";
import type { Armed, Driving, Idle, Order, Stopping } from "./state.ts";

type Live = Idle | Armed | Driving | Stopping;

/** The number of presses that are remembered. One that was forgotten counts again if it comes again: a stop too many, never one too few. */
const remembered = 64;

/** A stop by order is carried out whatever is believed of the robot, and holds. A press that comes by two ways is one order. R7, R16 */
export function stopOrdered(state: Live, { press, at }: On<"stopOrdered">): Outcome {
  const { order } = state.known;
  const before = press && countedPress(order, press, at);
  if (before) {
    const ways = [...before.ways, press.way];
    const presses = order.presses.map((one) => (one === before ? { ...before, ways } : one));
    return outcome(withKnown(state, { order: { ...order, presses } }));
  }
  const counted = press
    ? [...others(order, press), { name: press.name, isOnce: press.isOnce, at, ways: [press.way] }].slice(-remembered)
    : order.presses;
  const latched = withKnown(state, { order: { ...order, number: order.number + 1, latched: true, presses: counted } });
  if (latched.state === "stopping") return outcome({ ...latched, reason: "stop", since: at });
  return outcome(beginStop(latched, { reason: "stop", at, holder: holderOf(latched) }));
}

type Come = NonNullable<On<"stopOrdered">["press"]>;

const others = ({ presses }: Order, { name }: Come) => presses.filter((one) => one.name !== name);

/**
 * No way brings a press twice, and none is slower than another by more than `pressMs`: else it is a press of its own, as of a button
 * whose key is always the same.
 */
function countedPress({ presses }: Order, { name, way }: Come, at: number) {
  return presses.find((one) => one.name === name && !one.ways.includes(way) && at - one.at <= limits.control.pressMs);
}

/** A client that joins while a stop is in force is told at once: nobody else would tell it. R20 */
export function channelsOpened(state: Live, { pair }: On<"channelsOpened">): Outcome {
  const { number, latched, kept } = state.known.order;
  return outcome(state, ...(latched ? [messageTo(pair, { type: "latched", stop: number, kept })] : []));
}

/** A stop that would be forgotten is told to everyone, and so is one that was kept after all. R18 */
export function latchWritten(state: Live, { kept }: On<"latchWritten">): Outcome {
  const { order } = state.known;
  if (!order.latched || order.kept === kept) return outcome(state);
  return outcome(withKnown(state, { order: { ...order, kept } }), {
    type: "broadcast",
    message: { type: "latched", stop: order.number, kept },
  });
}
