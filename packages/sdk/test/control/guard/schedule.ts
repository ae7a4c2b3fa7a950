import type { ControlGrant } from "@tether/protocol/control";
import { ClientSessionId, RobotId } from "@tether/protocol/id";
import { limits } from "@tether/protocol/limits";
import type { Effect, Happening } from "../../../src/control/guard/event.ts";
import { dueAt } from "../../../src/control/guard/lapse.ts";
import { next } from "../../../src/control/guard/machine.ts";
import { initial, type State } from "../../../src/control/guard/state.ts";
import { createJudge } from "./judge.ts";

export const robot = RobotId.parse("rob_01J00000000000000000000000");
const otherRobot = RobotId.parse("rob_01J00000000000000000000009");
export const sessions = [0, 1, 2].map((n) => ClientSessionId.parse(`cse_01J0000000000000000000000${n}`));
export const deadmanMs = 500;
export const maxAgeMs = 400;
/** A timer is at most so late. */
export const tickMs = 10;

type Operator = {
  readonly session: ClientSessionId;
  readonly clock: { readonly offset: number; readonly drift: number };
  link: number;
  grants: ControlGrant[];
  seq: number;
  /** The number of the stop it was told of last. */
  stop: number;
};

/** Draws from the numbers of a schedule, and then from what follows of the last. */
function dice(numbers: readonly number[]) {
  let seed = 1;
  const draw = () => {
    seed = (Math.imul(seed ^ (seed >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0;
    return (seed ^ (seed >>> 13)) >>> 0;
  };
  return {
    numbers,
    begin(n: number) {
      seed = (n ^ 0x5bd1e995) >>> 0;
    },
    below: (most: number) => draw() % most,
    chance: (percent: number) => draw() % 100 < percent,
  };
}

/**
 * A broker, three operators and a robot with its guard; each has a clock of its own, and everything between them comes late, twice,
 * in another order or not at all, as the schedule says. Instants are true time in ms, which is the broker's.
 */
export function run(numbers: readonly number[]): {
  readonly commands: number;
  readonly stops: number;
  readonly states: ReadonlySet<string>;
} {
  const { below, chance, begin } = dice(numbers);
  begin(numbers[0] ?? 0);
  let now = 1_000_000;
  let state: State = initial(robot);
  const states = new Set<string>();
  const judge = createJudge();
  const robotClock = { offset: below(2_000_000) - 1_000_000, drift: (below(400) - 200) / 1e6 };
  const read = ({ offset, drift }: { offset: number; drift: number }) => now * (1 + drift) + offset;
  let queue: { readonly at: number; readonly run: () => void; readonly fromBroker: boolean }[] = [];
  const later = (ms: number, act: () => void, fromBroker = false) => void queue.push({ at: now + ms, run: act, fromBroker });
  let links = 0;
  const operators: Operator[] = sessions.map((session) => {
    links += 1;
    const clock = { offset: below(2_000_000) - 1_000_000, drift: (below(400) - 200) / 1e6 };
    return { session, clock, link: links, grants: [], seq: 0, stop: 0 };
  });
  const one = (): Operator => operators[below(operators.length)] as Operator;
  const control: { epoch: number; holder: Operator | undefined; expiresAt: number } = { epoch: 0, holder: undefined, expiresAt: 0 };
  const holders = new Map<number, Operator["session"]>();
  let hears = false;

  function tell(happening: Happening): void {
    const at = read(robotClock);
    const before = state;
    const outcome = next(state, { ...happening, at });
    state = outcome.state;
    states.add(state.state);
    if (state.state === "stopping" && (before.state !== "stopping" || before.known.turn !== state.known.turn)) {
      const { turn } = state.known;
      judge.stopping(at);
      later(below(300), () => {
        judge.carried();
        tell({ type: "carried", turn });
        if (chance(20)) later(below(900), () => tell({ type: "carried", turn }));
      });
    }
    for (const effect of outcome.effects) react(effect, at);
    judge.seen(state, at);
    arm();
  }

  /** As a timer may come late or early, it looks again. */
  function arm(): void {
    const due = dueAt(state);
    if (due === Number.POSITIVE_INFINITY) return;
    later(Math.max(0, due - read(robotClock)) + below(tickMs), () => {
      if (dueAt(state) !== due) return;
      if (read(robotClock) >= due) tell({ type: "due" });
      else arm();
    });
  }

  function react(effect: Effect, at: number): void {
    if (effect.type === "stopped") {
      for (const operator of operators) later(below(200), () => (operator.stop = effect.stop ?? operator.stop));
      return;
    }
    if (effect.type === "command") {
      const sent = effect.command as { readonly by: Operator; readonly sentAt: number };
      judge.command({
        ...effect.obeyed,
        session: sent.by.session,
        trueAgeMs: now - sent.sentAt,
        at,
        truth: { epoch: control.epoch, holders },
        state,
      });
      return;
    }
    const operator = operators.find(({ link }) => link === effect.link);
    if (!operator) return;
    const { message } = effect;
    if (message.type === "clock" && chance(95)) {
      later(1 + below(100), () => {
        const t1 = read(operator.clock);
        const { link } = operator;
        later(1 + below(100), () => tell({ type: "sampled", link, t0: chance(98) ? message.t0 : message.t0 + 50, t1 }));
      });
    } else if (message.type === "renew" && chance(80)) later(below(400), () => control.holder === operator && issue(operator));
    else if (message.type === "accepted") operator.seq = Math.max(operator.seq, message.seq);
  }

  function word(): void {
    if (!hears) return;
    const { epoch, holder } = control;
    const released = holder === undefined;
    const deliver = () => hears && tell({ type: "told", word: { epoch, session: holder?.session, released } });
    if (chance(90)) later(below(400), deliver, true);
    if (chance(20)) later(below(2_000), deliver, true);
  }

  function issue(operator: Operator): void {
    control.expiresAt = now + limits.control.leaseMs;
    const { session } = operator;
    const dated = { epoch: control.epoch, issuedAt: now, expiresAt: control.expiresAt };
    operator.grants.push({ robot, session, user: "user", ...dated, deadmanMs, maxAgeMs });
    if (chance(90)) later(below(400), () => show(operator.grants.at(-1), operator), true);
  }

  function change(holder: Operator | undefined): void {
    control.epoch += 1;
    control.holder = holder;
    if (holder) {
      holders.set(control.epoch, holder.session);
      holder.seq = 0;
      issue(holder);
      if (chance(20)) steal(one(), holder.grants.at(-1));
    }
    word();
  }

  function show(grant: ControlGrant | undefined, on: Operator): void {
    tell({ type: "shown", link: on.link, session: on.session, grant });
  }

  /** Another than it names shows a grant as soon as it is there, and goes on to command with it. */
  function steal(thief: Operator, grant: ControlGrant | undefined): void {
    later(0, () => show(grant, thief));
    for (let n = 1; n < 8; n += 1) later(n * 100, () => command(thief, grant?.epoch));
  }

  function command(operator: Operator, epoch: number | undefined): void {
    if (epoch === undefined) return;
    operator.seq += 1;
    const { link, seq } = operator;
    const sentAt = read(operator.clock) + (chance(3) ? 60_000 - below(120_000) : 0);
    const happening = { type: "commanded", link, epoch, seq, sentAt, command: { by: operator, sentAt: now } } as const;
    const slow = chance(15) ? 900 : 120;
    later(1 + below(slow), () => tell(happening));
    if (chance(10)) later(1 + below(900), () => tell(happening));
  }

  const steps: readonly ((n: number) => void)[] = [
    () => drive(one()),
    () => drive(control.holder ?? one()),
    () => drive(control.holder ?? one()),
    () => drive(control.holder ?? one()),
    () => {
      const operator = one();
      command(operator, operator.grants[below(operator.grants.length || 1)]?.epoch);
    },
    () => command(one(), control.epoch + below(2)),
    () => control.holder || change(one()),
    () => change(one()),
    () => control.holder && change(undefined),
    () => control.holder && issue(control.holder),
    () => {
      const operator = one();
      show(operator.grants[below(operator.grants.length || 1)], operator);
    },
    () => {
      const [operator, on] = [one(), one()];
      show(operator.grants.at(-1), on);
    },
    () => {
      const grant = control.holder?.grants.at(-1);
      if (control.holder && grant) tell({ type: "shown", link: control.holder.link, session: control.holder.session, grant: undefined });
      if (control.holder && grant) show({ ...grant, robot: otherRobot, epoch: grant.epoch + 1 }, control.holder);
    },
    () => {
      hears = false;
      tell({ type: "lost" });
    },
    welcome,
    welcome,
    () => {
      judge.ordered();
      tell({ type: "ordered" });
    },
    () => {
      const operator = control.holder ?? one();
      const { link, seq, stop } = operator;
      const known = chance(80) ? stop : stop + 1;
      later(below(200), () => resume({ type: "resumed", link, epoch: control.epoch, stop: known, seq }));
    },
    () => {
      const operator = one();
      const { link } = operator;
      links += 1;
      operator.link = links;
      tell({ type: "closed", link });
      const grant = operator.grants.at(-1);
      if (grant) show(grant, operator);
    },
    // A broker that crashed: it says and issues nothing, and what it had to say is lost.
    () => {
      queue = queue.filter(({ fromBroker }) => !fromBroker);
    },
    (n) => pass(n % 3 === 0 ? below(limits.control.leaseMs * 2) : below(30_000)),
  ];

  function resume(happening: Extract<Happening, { type: "resumed" }>): void {
    tell(happening);
    judge.resumed(happening.stop);
  }

  function welcome(): void {
    hears = true;
    const { epoch, holder } = control;
    tell({ type: "welcomed", serverTime: now - below(200), word: { epoch, session: holder?.session, released: false } });
  }

  function drive(operator: Operator): void {
    for (let n = below(12); n > 0; n -= 1) {
      command(operator, operator.grants.at(-1)?.epoch);
      pass(20 + below(80));
    }
  }

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

  welcome();
  change(operators[0]);
  pass(1_000);
  for (const n of numbers) {
    begin(n);
    steps[n % steps.length]?.(n);
    pass(below(300));
  }
  pass(2_000);
  return { ...judge.count(), states };
}
