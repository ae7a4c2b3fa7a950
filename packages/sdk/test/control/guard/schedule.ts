import type { ControlPermit, StopReason } from "@tether/protocol/control";
import { ClientSessionId, RobotId } from "@tether/protocol/id";
import { limits } from "@tether/protocol/limits";
import { nextDeadline } from "../../../src/control/guard/deadline.ts";
import type { Effect, Event, Happening } from "../../../src/control/guard/event.ts";
import { next } from "../../../src/control/guard/machine.ts";
import type { Outcome } from "../../../src/control/guard/outcome.ts";
import { initial, type State, type Way } from "../../../src/control/guard/state.ts";
import { blindMs, deadmanMs, maxAgeMs, skew, stopMs, tickMs } from "./bounds.ts";
import { dice } from "./dice.ts";
import { createJudge } from "./judge.ts";

const robot = RobotId.parse("rob_01J00000000000000000000000");
const otherRobot = RobotId.parse("rob_01J00000000000000000000009");
const sessions = [0, 1, 2].map((n) => ClientSessionId.parse(`cse_01J0000000000000000000000${n}`));

export type Ending = { readonly reason: StopReason; readonly ms: number };

type ClockOf = { readonly offset: number; readonly drift: number };
type Operator = {
  readonly session: ClientSessionId;
  readonly clock: ClockOf;
  pair: number;
  permits: ControlPermit[];
  seq: number;
  /** The number of the stop it was told of last. */
  stop: number;
};

/**
 * A broker, three operators and a robot with its guard; each has a clock of its own, and everything between them comes late, twice,
 * in another order or not at all, as the schedule says. Instants are true time in ms, which is the broker's.
 */
export function run(
  numbers: readonly number[],
  record: (event: Event, outcome: Outcome) => void = () => {},
): {
  readonly commands: number;
  readonly stops: number;
  /** States, and why it stopped, dropped commands and refused permits. */
  readonly seen: ReadonlySet<string>;
  /** Of each time it moved: why it was stopped, and how long after the last command it obeyed. */
  readonly endings: readonly Ending[];
} {
  const { below, chance, begin } = dice();
  begin(numbers[0] ?? 0);
  let now = 1_000_000;
  let state: State = initial(robot);
  const seen = new Set<string>();
  const endings: Ending[] = [];
  const judge = createJudge();
  // Some clocks are right: a command that is not to be obeyed must not be dropped for its age alone.
  const clock = (): ClockOf => ({ offset: chance(40) ? 0 : below(2_000_000) - 1_000_000, drift: (below(400) / 200 - 1) * skew.drift });
  const robotClock = clock();
  const read = ({ offset, drift }: ClockOf) => now * (1 + drift) + offset;
  let queue: { readonly at: number; readonly run: () => void; readonly fromBroker: boolean }[] = [];
  const later = (ms: number, act: () => void, fromBroker = false) => void queue.push({ at: now + ms, run: act, fromBroker });
  let pairs = 0;
  let presses = 0;
  const operators: Operator[] = sessions.map((session) => {
    pairs += 1;
    return { session, clock: clock(), pair: pairs, permits: [], seq: 0, stop: 0 };
  });
  const one = (): Operator => operators[below(operators.length)] as Operator;
  const control: { epoch: number; holder: Operator | undefined; expiresAt: number } = { epoch: 0, holder: undefined, expiresAt: 0 };
  let hears = false;
  const announcesPictures = chance(50);

  function tell(happening: Happening): void {
    const at = read(robotClock);
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
        tell({ type: "stopDone", turn });
        if (chance(20)) later(below(900), () => tell({ type: "stopDone", turn }));
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
    later(Math.max(0, due - read(robotClock)) + below(tickMs), () => {
      if (nextDeadline(state) !== due) return;
      if (read(robotClock) >= due) tell({ type: "due" });
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
      const trueBlindMs = announcesPictures ? now - takenAt : 0;
      judge.command({ epoch, seq, session: by.session, trueAgeMs: now - sentAt, trueBlindMs, limit: effect.obeyed.limit, now, at });
      if (chance(2)) later(0, () => tell({ type: "driverFailed" }));
      return;
    }
    if (effect.type === "broadcast") return;
    const operator = operators.find(({ pair }) => pair === effect.pair);
    if (!operator) return;
    const { message } = effect;
    if (message.type === "clock" && chance(95)) {
      later(1 + below(skew.halfTripMs), () => {
        const t1 = read(operator.clock);
        const { pair } = operator;
        const t0 = chance(98) ? message.t0 : message.t0 + 50;
        later(1 + below(skew.halfTripMs), () => tell({ type: "clockSampled", pair, t0, t1 }));
      });
      // Nobody asked for this one: it would make old commands young.
      if (chance(20)) later(below(50), () => tell({ type: "clockSampled", pair: effect.pair, t0: at - 1, t1: read(operator.clock) - 300 }));
    } else if (message.type === "renew" && chance(80)) later(below(400), () => control.holder === operator && issue(operator));
    else if (message.type === "refused") seen.add(`refused: ${message.reason}`);
    else if (message.type === "accepted") {
      judge.accepted(message.epoch, operator.session);
      operator.seq = Math.max(operator.seq, message.seq);
      operator.stop = message.stop ?? operator.stop;
    }
  }

  function word(holder = control.holder): void {
    if (!hears) return;
    const { epoch } = control;
    const released = holder === undefined;
    const deliver = () => {
      if (!hears) return;
      judge.told(epoch, holder?.session);
      tell({ type: "noticed", notice: { epoch, session: holder?.session, released } });
    };
    if (chance(90)) later(below(400), deliver, true);
    if (chance(20)) later(below(2_000), deliver, true);
  }

  function issue(operator: Operator): void {
    control.expiresAt = now + limits.control.leaseMs;
    const { session } = operator;
    const dated = { epoch: control.epoch, issuedAt: now, expiresAt: control.expiresAt };
    const permit = { robot, session, user: "user", ...dated, deadmanMs, maxAgeMs, blindMs, stopMs };
    judge.signed(permit);
    operator.permits.push(permit);
    if (chance(90)) later(below(400), () => show(permit, operator), true);
  }

  function change(holder: Operator | undefined): void {
    control.epoch += 1;
    control.holder = holder;
    if (holder) {
      holder.seq = 0;
      issue(holder);
      if (chance(20)) steal(one(), holder.permits.at(-1));
    }
    word();
  }

  function show(permit: ControlPermit | undefined, on: Operator): void {
    if (permit && permit.robot === robot && permit.session === on.session) judge.shown(permit);
    tell({ type: "permitShown", pair: on.pair, session: on.session, permit });
  }

  /** A session that a permit does not name shows it as soon as it is there, and goes on to command with it. */
  function steal(thief: Operator, permit: ControlPermit | undefined): void {
    later(0, () => show(permit, thief));
    for (let n = 1; n < 8; n += 1) later(n * 100, () => command(thief, permit?.epoch));
  }

  function command(operator: Operator, epoch: number | undefined): void {
    if (epoch === undefined) return;
    operator.seq += 1;
    const { pair, seq } = operator;
    // Now and then a clock was set, by more than a command can be old.
    const set = chance(3) ? (2_000 + below(58_000)) * (chance(50) ? 1 : -1) : 0;
    const sentAt = read(operator.clock) + set;
    const takenAt = now - (chance(5) ? 1_500 : below(150));
    const pictureAt = chance(2) ? undefined : read(robotClock) - (now - takenAt);
    const sent = { by: operator, sentAt: now, takenAt };
    const happening = { type: "commanded", pair, epoch, seq, sentAt, pictureAt, command: sent } as const;
    const slow = chance(15) ? 900 : 120;
    later(1 + below(slow), () => tell(happening));
    if (chance(10)) later(1 + below(900), () => tell(happening));
  }

  /** One press; it comes over the channel, by frame, or by both, each in its time. */
  function press(): void {
    presses += 1;
    const name = chance(90) ? `press ${presses}` : undefined;
    const isOnce = chance(50);
    const come = (way: Way) => {
      judge.ordered(name, way, read(robotClock), isOnce);
      tell({ type: "stopOrdered", press: name === undefined ? undefined : { name, way, isOnce } });
    };
    const ways: readonly Way[] = ["frame", "events", "control"];
    const way = () => ways[below(3)] as Way;
    come(way());
    if (chance(60)) later(below(3_000), () => come(way()));
    if (chance(20)) later(below(3_000), () => come(way()));
  }

  function resume(by: Operator, epoch = control.epoch): void {
    const { pair, seq, session } = by;
    const stop = chance(90) ? by.stop : by.stop + 1 - below(3);
    later(below(200), () => {
      judge.resumed(session, epoch, stop, seq);
      tell({ type: "resumed", pair, epoch, stop, seq });
    });
  }

  /** Frames that are still on their way from the broker are lost. */
  function crash(): void {
    queue = queue.filter(({ fromBroker }) => !fromBroker);
  }

  function lose(): void {
    hears = false;
    judge.lost(now);
    tell({ type: "signallingLost" });
  }

  function welcome(says = true): void {
    hears = true;
    const { epoch, holder } = control;
    judge.welcomed(now);
    if (says) judge.told(epoch, holder?.session);
    else judge.toldNothing();
    const notice = says ? { epoch, session: holder?.session, released: false } : undefined;
    tell({ type: "welcomed", serverTime: now - below(skew.welcomeMs), notice });
  }

  function drive(operator: Operator): void {
    if (operator.stop > 0 && chance(60)) resume(operator, operator.permits.at(-1)?.epoch);
    for (let n = below(12); n > 0; n -= 1) {
      command(operator, operator.permits.at(-1)?.epoch);
      pass(20 + below(80));
    }
  }

  const steps: readonly ((n: number) => void)[] = [
    () => drive(one()),
    ...Array.from({ length: 6 }, () => () => drive(control.holder ?? one())),
    () => {
      const operator = one();
      command(operator, operator.permits[below(operator.permits.length || 1)]?.epoch);
    },
    () => command(one(), control.epoch + below(2)),
    () => control.holder || change(one()),
    () => change(one()),
    () => control.holder && change(undefined),
    () => control.holder && issue(control.holder),
    () => {
      const operator = one();
      show(operator.permits[below(operator.permits.length || 1)], operator);
    },
    () => {
      const [operator, on] = [one(), one()];
      show(operator.permits.at(-1), on);
    },
    () => {
      const permit = control.holder?.permits.at(-1);
      if (control.holder && permit)
        tell({ type: "permitShown", pair: control.holder.pair, session: control.holder.session, permit: undefined });
      if (control.holder && permit) show({ ...permit, robot: otherRobot, epoch: permit.epoch + 1 }, control.holder);
    },
    lose,
    // Its holder drives on meanwhile, and shows what fresh permits it can get.
    () => {
      const { holder } = control;
      lose();
      for (let until = now + below(30_000); holder && now < until; ) {
        command(holder, holder.permits.at(-1)?.epoch);
        pass(250);
      }
      if (chance(50)) lose();
    },
    // Its holder drives on until its lease is over.
    () => {
      const { holder } = control;
      if (!holder || chance(70)) return;
      pass(Math.max(0, control.expiresAt - now - 1_000));
      for (let n = 0; n < 10; n += 1) {
        command(holder, holder.permits.at(-1)?.epoch);
        pass(200);
      }
    },
    () => welcome(),
    () => welcome(chance(90)),
    press,
    () => resume(control.holder ?? one()),
    () => resume(one()),
    () => {
      const operator = one();
      const { pair } = operator;
      pairs += 1;
      operator.pair = pairs;
      tell({ type: "channelsClosed", pair });
      const permit = operator.permits.at(-1);
      if (permit) later(below(1_000), () => show(permit, operator));
    },
    // A broker that crashed: it says and issues nothing, and what it had to say is lost, maybe all of it.
    crash,
    () => {
      change(one());
      crash();
    },
    // A broker whose table is that of yesterday gives an epoch away a second time.
    () => {
      const { holder } = control;
      const other = one();
      issue(other);
      word(other);
      control.holder = holder;
    },
    (n) => pass(n % 3 === 0 ? below(limits.control.leaseMs * 2) : below(30_000)),
  ];

  /** Time goes on; what falls due on the way happens. */
  function pass(ms: number): void {
    const until = now + ms;
    for (;;) {
      let first = -1;
      queue.forEach(({ at }, index) => {
        if (at <= until && (first < 0 || at < (queue[first]?.at ?? 0))) first = index;
      });
      const [act] = first < 0 ? [] : queue.splice(first, 1);
      if (!act) break;
      now = Math.max(now, act.at);
      act.run();
    }
    now = until;
    if (control.holder && now >= control.expiresAt) change(undefined);
  }

  if (announcesPictures) tell({ type: "pictureAnnounced" });
  welcome();
  change(operators[0]);
  pass(1_000);
  for (const n of numbers) {
    begin(n);
    steps[n % steps.length]?.(n);
    pass(below(300));
  }
  if (chance(20)) {
    judge.left();
    tell({ type: "sessionEnded" });
    drive(control.holder ?? one());
  }
  pass(2_000);
  return { ...judge.count(), seen, endings };
}
