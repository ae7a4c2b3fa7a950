import { ClientSessionId, RobotId } from "@tether/protocol/id";
import type { Event, Happening } from "../../../src/control/guard/event.ts";
import { next } from "../../../src/control/guard/machine.ts";
import type { Outcome } from "../../../src/control/guard/outcome.ts";
import { initial, type State, type Way } from "../../../src/control/guard/state.ts";
import { dice } from "./dice.ts";

const robot = RobotId.parse("rob_01J00000000000000000000000");
const other = RobotId.parse("rob_01J00000000000000000000009");
const sessions = [0, 1].map((n) => ClientSessionId.parse(`cse_01J0000000000000000000000${n}`));
const start = 1_000_000;

/** Anything that can happen to a guard, in any order, with fields that are often those that count. */
export function runAnything(seed: number, record: (event: Event, outcome: Outcome) => void): void {
  const { below, chance, begin } = dice();
  begin(seed);
  let state: State = initial(robot);
  let at = start;
  const session = () => sessions[below(2)] as ClientSessionId;
  const epoch = () => ("fence" in state.known ? state.known.fence.epoch : 0) + below(3) - (chance(80) ? 0 : 1) + (chance(50) ? 0 : 1);
  const asked = () => ("holder" in state ? state.holder?.asked[0] : undefined) ?? at;
  const notice = () => ({ epoch: Math.max(0, epoch()), session: chance(80) ? session() : undefined, released: chance(50) });
  const steps: readonly (() => Happening)[] = [
    () => ({
      type: "permitShown",
      pair: below(3),
      session: session(),
      permit: chance(90)
        ? {
            robot: chance(95) ? robot : other,
            session: session(),
            user: "user",
            epoch: Math.max(1, epoch()),
            issuedAt: at - 500 + below(1_000),
            expiresAt: at + below(30_000),
            deadmanMs: 200 + below(800),
            maxAgeMs: 100 + below(900),
            ...(chance(60) && { blindMs: chance(80) ? 100 + below(200) : null, stopMs: 300 + below(700) }),
            ...(chance(50) && { maxLinear: chance(50) ? 1.5 : null, maxAngular: 2 }),
          }
        : undefined,
    }),
    ...Array.from({ length: 6 }, () => (): Happening => {
      const held = "holder" in state ? state.holder : undefined;
      const pair = held && chance(90) ? held.pair : below(3);
      const pictureAt = chance(80) ? at - below(1_200) + 50 : undefined;
      const of = held && chance(90) ? held.epoch : Math.max(1, epoch());
      return { type: "commanded", pair, epoch: of, seq: 1 + below(200), sentAt: at - below(1_200) + 100, pictureAt, command: null };
    }),
    () => {
      const press = { name: `press ${below(4)}`, way: (["frame", "events", "control"] as const)[below(3)] as Way, isOnce: chance(50) };
      return { type: "stopOrdered", press: chance(80) ? press : undefined };
    },
    () => ({ type: "channelsOpened", pair: below(3) }),
    ...Array.from({ length: 3 }, () => (): Happening => {
      const held = "holder" in state ? state.holder : undefined;
      const { number } = state.known.order;
      return {
        type: "resumed",
        pair: held?.pair ?? below(3),
        epoch: held?.epoch ?? 1,
        stop: number + (chance(90) ? 0 : 1),
        seq: below(100),
      };
    }),
    ...Array.from({ length: 4 }, () => (): Happening => {
      const held = "holder" in state ? state.holder : undefined;
      return { type: "clockSampled", pair: held?.pair ?? below(3), t0: chance(95) ? asked() : at, t1: at + below(40) };
    }),
    () => ({ type: "channelsClosed", pair: below(3) }),
    () => ({ type: "welcomed", serverTime: at + below(200), notice: chance(90) ? notice() : undefined }),
    () => ({ type: "noticed", notice: notice() }),
    () => ({ type: "signallingLost" }),
    ...Array.from({ length: 4 }, () => (): Happening => ({ type: "stopDone", turn: state.known.turn - (chance(95) ? 0 : 1) })),
    () => ({ type: "driverFailed" }),
    () => ({ type: "latchWritten", kept: chance(50) }),
    () => ({ type: "pictureAnnounced" }),
    () => ({ type: "due" }),
  ];
  for (let n = 0; n < 200; n += 1) {
    at += chance(2) ? below(25_000) : below(150);
    const happening: Happening = n === 199 ? { type: "sessionEnded" } : (steps[below(steps.length)] as () => Happening)();
    const event = { ...happening, at };
    const outcome = next(state, event);
    state = outcome.state;
    record(event, outcome);
  }
}
