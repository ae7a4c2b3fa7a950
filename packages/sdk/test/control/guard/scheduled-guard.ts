import type { StopReason } from "@tether/protocol/control";
import { nextDeadline } from "../../../src/control/guard/deadline.ts";
import type { Effect, Event, Happening } from "../../../src/control/guard/event.ts";
import { next } from "../../../src/control/guard/machine.ts";
import type { Outcome } from "../../../src/control/guard/outcome.ts";
import { initial, type State } from "../../../src/control/guard/state.ts";
import type { Agenda } from "./agenda.ts";
import { skew, tickMs } from "./bounds.ts";
import type { Dice } from "./dice.ts";
import type { Judge } from "./judge.ts";
import { type createParticipants, type Operator, read, robot } from "./participants.ts";

export type Ending = { readonly reason: StopReason; readonly ms: number };

type Scheduled = {
  readonly dice: Dice;
  readonly agenda: Agenda;
  readonly judge: Judge;
  readonly participants: Pick<ReturnType<typeof createParticipants>, "robotClock" | "operators">;
  readonly announcesPictures: boolean;
  readonly record: (event: Event, outcome: Outcome) => void;
  /** The guard asked for a fresh permit, and its operator passed that on. */
  readonly renewed: (operator: Operator) => void;
};

/** The guard of a robot and the driver behind it; what it sends comes to its operators late or not at all. */
export function createScheduledGuard({ dice, agenda, judge, participants, announcesPictures, record, renewed }: Scheduled) {
  const { below, chance } = dice;
  const { now, later } = agenda;
  const { robotClock, operators } = participants;
  const readOwn = () => read(robotClock, now());
  let state: State = initial(robot);
  const seen = new Set<string>();
  const endings: Ending[] = [];

  function put(happening: Happening): void {
    const at = readOwn();
    const before = state;
    const event = { ...happening, at };
    const outcome = next(state, event);
    record(event, outcome);
    state = outcome.state;
    seen.add(state.state);
    if (state.state === "stopping" && (before.state !== "stopping" || before.known.turn !== state.known.turn)) {
      const { turn } = state.known;
      const ms = judge.stopping(at);
      if (ms !== undefined) endings.push({ reason: state.reason, ms });
      later(below(300), () => {
        judge.carried();
        put({ type: "stopDone", turn });
        if (chance(20)) later(below(900), () => put({ type: "stopDone", turn }));
      });
    }
    if ("holder" in state) for (const why in state.holder?.dropped) seen.add(`dropped: ${why}`);
    for (const effect of outcome.effects) react(effect, at);
    const { latched, number } = state.known.order;
    judge.seen(state.state === "driving", latched ? number : undefined, at);
    arm();
  }

  /** Looks again when a deadline has come, as a timer may be late or early. */
  function arm(): void {
    const due = nextDeadline(state);
    if (due === Number.POSITIVE_INFINITY) return;
    later(Math.max(0, due - readOwn()) + below(tickMs), () => {
      if (nextDeadline(state) !== due) return;
      if (readOwn() >= due) put({ type: "due" });
      else arm();
    });
  }

  function react(effect: Effect, at: number): void {
    if (effect.type === "stopped") {
      seen.add(`stopped: ${effect.reason}`);
      for (const operator of operators) later(below(200), () => (operator.stop = effect.stop ?? operator.stop));
      return;
    }
    if (effect.type === "command") {
      const { epoch, seq } = effect.obeyed;
      const { by, sentAt, takenAt } = effect.command as { readonly by: Operator; readonly sentAt: number; readonly takenAt: number };
      const trueBlindMs = announcesPictures ? now() - takenAt : 0;
      const { limit } = effect.obeyed;
      judge.command({ epoch, seq, session: by.session, trueAgeMs: now() - sentAt, trueBlindMs, limit, now: now(), at });
      if (chance(2)) later(0, () => put({ type: "driverFailed" }));
      return;
    }
    if (effect.type === "broadcast") return;
    const operator = operators.find(({ pair }) => pair === effect.pair);
    if (!operator) return;
    const { message } = effect;
    if (message.type === "clock" && chance(95)) {
      later(1 + below(skew.halfTripMs), () => {
        const t1 = read(operator.clock, now());
        const { pair } = operator;
        const t0 = chance(98) ? message.t0 : message.t0 + 50;
        later(1 + below(skew.halfTripMs), () => put({ type: "clockSampled", pair, t0, t1 }));
      });
      // Nobody asked for this one: it would make old commands young.
      if (chance(20)) {
        const forge = () => put({ type: "clockSampled", pair: effect.pair, t0: at - 1, t1: read(operator.clock, now()) - 300 });
        later(below(50), forge);
      }
    } else if (message.type === "renew" && chance(80)) later(below(400), () => renewed(operator));
    else if (message.type === "refused") seen.add(`refused: ${message.reason}`);
    else if (message.type === "accepted") {
      judge.accepted(message.epoch, operator.session);
      operator.seq = Math.max(operator.seq, message.seq);
      operator.stop = message.stop ?? operator.stop;
    }
  }

  return { put, seen, endings, now: readOwn };
}
