import type { ControlPermit } from "@tether/protocol/control";
import type { Happening } from "../../../src/control/guard/event.ts";
import { next } from "../../../src/control/guard/machine.ts";
import { initial, type State } from "../../../src/control/guard/state.ts";
import { ada, robot } from "../rig.ts";

export const permit: ControlPermit = {
  robot,
  session: ada,
  user: "user",
  epoch: 1,
  issuedAt: 0,
  expiresAt: 300_000,
  deadmanMs: 500,
  maxAgeMs: 500,
  blindMs: 200,
  stopMs: 1_000,
};
export const welcomed: Happening = { type: "welcomed", serverTime: 0, notice: { epoch: 1, session: ada, released: false } };
export const shown = (part: Partial<ControlPermit> = {}, pair = 1): Happening => ({
  type: "permitShown",
  pair,
  session: ada,
  permit: { ...permit, ...part },
});
export const answered: Happening = { type: "clockSampled", pair: 1, t0: 0, t1: 0 };
export const command = (seq = 1, part: object = {}): Happening => ({
  type: "commanded",
  pair: 1,
  epoch: 1,
  seq,
  sentAt: 0,
  command: { linear: 1 },
  ...part,
});
export const ordered: Happening = { type: "stopOrdered" };
export const done = (turn: number): Happening => ({ type: "stopDone", turn });
export const lost: Happening = { type: "signallingLost" };

/** A guard to which all that happened, at the instant 0 unless a number comes before. */
export function after(...story: (Happening | number)[]): {
  state: State;
  tell(happening: Happening, at?: number): ReturnType<typeof next>;
} {
  let state: State = initial(robot);
  let now = 0;
  const tell = (happening: Happening, at = now) => {
    const outcome = next(state, { ...happening, at });
    state = outcome.state;
    return outcome;
  };
  for (const one of story) {
    if (typeof one === "number") now = one;
    else tell(one);
  }
  return { state, tell };
}

export const armed = [welcomed, shown(), answered];
export const driving = [...armed, command()];
export const stories: Record<State["state"], Happening[]> = {
  idle: [welcomed],
  armed,
  driving,
  stopping: [...driving, ordered],
  ended: [welcomed, { type: "sessionEnded" }, done(1)],
};
