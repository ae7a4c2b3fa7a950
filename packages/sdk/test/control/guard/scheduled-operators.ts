import type { ControlPermit } from "@tether/protocol/control";
import type { Happening } from "../../../src/control/guard/event.ts";
import type { Way } from "../../../src/control/guard/state.ts";
import type { Agenda } from "./agenda.ts";
import type { Dice } from "./dice.ts";
import type { Judge } from "./judge.ts";
import { type Operator, read } from "./participants.ts";

type Scheduled = {
  readonly dice: Dice;
  readonly agenda: Agenda;
  readonly judge: Judge;
  readonly put: (happening: Happening) => void;
  /** The robot's own clock, in ms. */
  readonly robotNow: () => number;
};

/** The messages of operators to a robot: commands, stops and resumes, each late, some twice, and some with a clock that was set. */
export function createScheduledOperators({ dice, agenda, judge, put, robotNow }: Scheduled) {
  const { below, chance } = dice;
  const { now, later } = agenda;
  let presses = 0;

  function command(operator: Operator, epoch: number | undefined): void {
    if (epoch === undefined) return;
    operator.seq += 1;
    const { pair, seq } = operator;
    // Now and then a clock was set, by more than a command can be old.
    const set = chance(3) ? (2_000 + below(58_000)) * (chance(50) ? 1 : -1) : 0;
    const sentAt = read(operator.clock, now()) + set;
    const takenAt = now() - (chance(5) ? 1_500 : below(150));
    const pictureAt = chance(2) ? undefined : robotNow() - (now() - takenAt);
    const sent = { by: operator, sentAt: now(), takenAt };
    const happening = { type: "commanded", pair, epoch, seq, sentAt, pictureAt, command: sent } as const;
    const slow = chance(15) ? 900 : 120;
    later(1 + below(slow), () => put(happening));
    if (chance(10)) later(1 + below(900), () => put(happening));
  }

  return {
    command,
    /** A session that a permit does not name goes on to command with it, after it has shown it. */
    commandOn(thief: Operator, permit: ControlPermit | undefined): void {
      for (let n = 1; n < 8; n += 1) later(n * 100, () => command(thief, permit?.epoch));
    },
    /** Presses stop: the order comes over the channel, by frame, or by both, each in its time. */
    press(): void {
      presses += 1;
      const name = chance(90) ? `press ${presses}` : undefined;
      const isOnce = chance(50);
      const come = (way: Way) => {
        judge.ordered(name, way, robotNow(), isOnce);
        put({ type: "stopOrdered", press: name === undefined ? undefined : { name, way, isOnce } });
      };
      const ways: readonly Way[] = ["frame", "events", "control"];
      const way = () => ways[below(3)] as Way;
      come(way());
      if (chance(60)) later(below(3_000), () => come(way()));
      if (chance(20)) later(below(3_000), () => come(way()));
    },
    resume(by: Operator, epoch: number): void {
      const { pair, seq, session } = by;
      const stop = chance(90) ? by.stop : by.stop + 1 - below(3);
      later(below(200), () => {
        judge.resumed(session, epoch, stop, seq);
        put({ type: "resumed", pair, epoch, stop, seq });
      });
    },
  };
}
