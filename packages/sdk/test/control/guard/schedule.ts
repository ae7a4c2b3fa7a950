import type { ControlPermit } from "@tether/protocol/control";
import { limits } from "@tether/protocol/limits";
import type { Event } from "../../../src/control/guard/event.ts";
import type { Outcome } from "../../../src/control/guard/outcome.ts";
import { createAgenda } from "./agenda.ts";
import { dice } from "./dice.ts";
import { createJudge } from "./judge.ts";
import { createParticipants, type Operator, otherRobot } from "./participants.ts";
import { createScheduledBroker } from "./scheduled-broker.ts";
import { createScheduledGuard, type Ending } from "./scheduled-guard.ts";
import { createScheduledOperators } from "./scheduled-operators.ts";

export type { Ending };

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
  const drawn = dice();
  const { below, chance, begin } = drawn;
  begin(numbers[0] ?? 0);
  const agenda = createAgenda(1_000_000);
  const { now, later } = agenda;
  const judge = createJudge();
  const participants = createParticipants(drawn);
  const { operators, anyone, nextPair } = participants;
  const announcesPictures = chance(50);
  const renewed = (operator: Operator) => {
    if (control.holder === operator) issue(operator);
  };
  const scheduled = { dice: drawn, agenda, judge };
  const guard = createScheduledGuard({ ...scheduled, participants, announcesPictures, record, renewed });
  const { put } = guard;
  const { command, commandOn, press, resume } = createScheduledOperators({ ...scheduled, put, robotNow: guard.now });
  const steal = (permit: ControlPermit | undefined) => {
    const thief = anyone();
    later(0, () => show(permit, thief));
    commandOn(thief, permit);
  };
  const broker = createScheduledBroker({ ...scheduled, put, steal });
  const { control, issue, show, change, crash, lose, welcome } = broker;

  function pass(ms: number): void {
    agenda.pass(ms);
    broker.expire();
  }

  function drive(operator: Operator): void {
    if (operator.stop > 0 && chance(60)) resume(operator, operator.permits.at(-1)?.epoch ?? control.epoch);
    for (let n = below(12); n > 0; n -= 1) {
      command(operator, operator.permits.at(-1)?.epoch);
      pass(20 + below(80));
    }
  }

  const anyPermitOf = ({ permits }: Operator) => permits[below(permits.length || 1)];

  const steps: readonly ((n: number) => void)[] = [
    () => drive(anyone()),
    ...Array.from({ length: 6 }, () => () => drive(control.holder ?? anyone())),
    () => {
      const operator = anyone();
      command(operator, anyPermitOf(operator)?.epoch);
    },
    () => command(anyone(), control.epoch + below(2)),
    () => control.holder || change(anyone()),
    () => change(anyone()),
    () => control.holder && change(undefined),
    () => control.holder && issue(control.holder),
    () => {
      const operator = anyone();
      show(anyPermitOf(operator), operator);
    },
    () => {
      const [operator, on] = [anyone(), anyone()];
      show(operator.permits.at(-1), on);
    },
    () => {
      const { holder } = control;
      const permit = holder?.permits.at(-1);
      if (!holder || !permit) return;
      put({ type: "permitShown", pair: holder.pair, session: holder.session, permit: undefined });
      show({ ...permit, robot: otherRobot, epoch: permit.epoch + 1 }, holder);
    },
    lose,
    // The holder drives on meanwhile, and shows what fresh permits it can get.
    () => {
      const { holder } = control;
      lose();
      for (let until = now() + below(30_000); holder && now() < until; ) {
        command(holder, holder.permits.at(-1)?.epoch);
        pass(250);
      }
      if (chance(50)) lose();
    },
    // The holder drives on until its lease is over.
    () => {
      const { holder } = control;
      if (!holder || chance(70)) return;
      pass(Math.max(0, control.expiresAt - now() - 1_000));
      for (let n = 0; n < 10; n += 1) {
        command(holder, holder.permits.at(-1)?.epoch);
        pass(200);
      }
    },
    () => welcome(),
    () => welcome(chance(90)),
    press,
    () => resume(control.holder ?? anyone(), control.epoch),
    () => resume(anyone(), control.epoch),
    () => {
      const operator = anyone();
      const { pair } = operator;
      operator.pair = nextPair();
      put({ type: "channelsClosed", pair });
      const permit = operator.permits.at(-1);
      if (permit) later(below(1_000), () => show(permit, operator));
    },
    crash,
    () => {
      change(anyone());
      crash();
    },
    () => broker.giveEpochAgain(anyone()),
    (n) => pass(n % 3 === 0 ? below(limits.control.leaseMs * 2) : below(30_000)),
  ];

  if (announcesPictures) put({ type: "pictureAnnounced" });
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
    put({ type: "sessionEnded" });
    drive(control.holder ?? anyone());
  }
  pass(2_000);
  return { ...judge.count(), seen: guard.seen, endings: guard.endings };
}
