import { nextDeadline } from "../../../src/control/guard/deadline.ts";
import type { Effect, Event } from "../../../src/control/guard/event.ts";
import type { Outcome } from "../../../src/control/guard/outcome.ts";
import { runAnything } from "./anything.ts";
import { dice } from "./dice.ts";
import { run } from "./schedule.ts";

const robot = "rob_01J00000000000000000000000";

/** A decision of a guard, by which guards of other languages are compared. */
type Decision = {
  readonly state: string;
  /** Null where time alone changes nothing. */
  readonly due: number | null;
  readonly reason: string | null;
  readonly fence: readonly [epoch: number, session: string | null, seq: number];
  readonly order: readonly [number: number, latched: boolean, kept: boolean];
  readonly turn: number;
  readonly holder: readonly [pair: number, session: string, epoch: number, ageMs: number | null, dropped: object] | null;
  readonly effects: readonly object[];
};

/** A schedule: what happened to a guard, and what it decided each time. */
export type Recording = { readonly robot: string; readonly steps: readonly { readonly event: object; readonly decision: Decision }[] };

function decisionOf({ state, effects }: Outcome): Decision {
  const { fence, order, turn } = state.known;
  const due = nextDeadline(state);
  const holder = "holder" in state ? state.holder : undefined;
  return {
    state: state.state,
    due: due === Number.POSITIVE_INFINITY ? null : due,
    reason: state.state === "stopping" ? state.reason : null,
    fence: [fence.epoch, fence.session ?? null, fence.seq],
    order: [order.number, order.latched, order.kept],
    turn,
    holder: holder ? [holder.pair, holder.session, holder.epoch, holder.ageMs ?? null, holder.dropped] : null,
    effects: effects.map(withoutCommand),
  };
}

/** A command is the driver's own; that it is obeyed is what counts. */
function withoutCommand(effect: Effect): object {
  if (effect.type !== "command") return effect;
  const { obeyed, bounds } = effect;
  return { type: "command", obeyed, bounds };
}

const eventOf = (event: Event): object => (event.type === "commanded" ? { ...event, command: null } : event);

/** The schedule of a seed: in turn one of a whole world, and one of anything at all in any order. */
export function recordingOf(seed: number): Recording {
  const steps: { event: object; decision: Decision }[] = [];
  const record = (event: Event, outcome: Outcome) => void steps.push({ event: eventOf(event), decision: decisionOf(outcome) });
  const { below, begin } = dice();
  begin(seed);
  if (seed % 2 === 0) runAnything(seed, record);
  else
    run(
      Array.from({ length: 5 + below(26) }, () => below(2 ** 31)),
      record,
    );
  return { robot, steps };
}
