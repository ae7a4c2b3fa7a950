import type { ControlPermit } from "@tether/protocol/control";
import { ClientSessionId, RobotId } from "@tether/protocol/id";
import { skew } from "./bounds.ts";
import type { Dice } from "./dice.ts";

export const robot = RobotId.parse("rob_01J00000000000000000000000");
export const otherRobot = RobotId.parse("rob_01J00000000000000000000009");
const sessions = [0, 1, 2].map((n) => ClientSessionId.parse(`cse_01J0000000000000000000000${n}`));

type SkewedClock = { readonly offset: number; readonly drift: number };

export type Operator = {
  readonly session: ClientSessionId;
  readonly clock: SkewedClock;
  pair: number;
  permits: ControlPermit[];
  seq: number;
  /** The number of the stop it was told of last. */
  stop: number;
};

/** The clocks of a robot and its operators, and the operators, who have a pair of channels each. */
export function createParticipants({ below, chance }: Dice) {
  // Some clocks are right: a command that is not to be obeyed must not be dropped for its age alone.
  const clock = (): SkewedClock => ({
    offset: chance(40) ? 0 : below(2_000_000) - 1_000_000,
    drift: (below(400) / 200 - 1) * skew.drift,
  });
  const robotClock = clock();
  let pairs = 0;
  const nextPair = () => {
    pairs += 1;
    return pairs;
  };
  const operators = sessions.map((session): Operator => ({ session, clock: clock(), pair: nextPair(), permits: [], seq: 0, stop: 0 }));
  return { robotClock, operators, nextPair, anyone: (): Operator => operators[below(operators.length)] as Operator };
}

export const read = ({ offset, drift }: SkewedClock, now: number) => now * (1 + drift) + offset;
