import { step, type Table } from "@tether/sdk/machine/table";
import type { GamepadLike } from "./gamepad.ts";
import type { Mapping } from "./mapping.ts";

/** The functions to map, in this order. */
export const asks = ["ahead", "left", "hold", "stop"] as const;
export type Ask = (typeof asks)[number];

type Known = { readonly base: readonly number[]; readonly found: Partial<Mapping> };

/** A stick is to be pushed, or a button to be pressed. `base` is where the axes rest: a trigger's is at one end. */
type Asking = Known & { readonly state: "asking"; readonly ask: Ask };
/** The input just found is still held: the next is asked for once all inputs are at rest again. */
type Releasing = Known & { readonly state: "releasing"; readonly after: Ask };
type Done = { readonly state: "done"; readonly mapping: Mapping };
export type State = Asking | Releasing | Done;

type Event = { readonly type: "sampled"; readonly gamepad: GamepadLike };

/** Pushed and at rest, as shares of an axis: between them nothing is known. */
const share = { pushed: 0.6, rest: 0.25 } as const;

export function begin({ axes }: GamepadLike): State {
  return { state: "asking", ask: "ahead", base: [...axes], found: {} };
}

function pushed(base: readonly number[], { axes }: GamepadLike): { axis: number; sign: 1 | -1 } | undefined {
  const moved = axes.map((value, axis) => ({ axis, by: value - (base[axis] ?? 0) }));
  const most = moved.reduce((one, other) => (Math.abs(other.by) > Math.abs(one.by) ? other : one), { axis: -1, by: 0 });
  return Math.abs(most.by) >= share.pushed ? { axis: most.axis, sign: most.by > 0 ? 1 : -1 } : undefined;
}

function answer({ ask, base, found }: Asking, gamepad: GamepadLike): Partial<Mapping> | undefined {
  if (ask === "ahead" || ask === "left") {
    const direction = pushed(base, gamepad);
    // One axis has not both directions.
    return direction && !(ask === "left" && direction.axis === found.ahead?.axis) ? { [ask]: direction } : undefined;
  }
  const button = gamepad.buttons.findIndex(({ pressed }, index) => pressed && !(ask === "stop" && index === found.hold));
  return button === -1 ? undefined : { [ask]: button };
}

function isAtRest(base: readonly number[], { axes, buttons }: GamepadLike): boolean {
  return axes.every((value, axis) => Math.abs(value - (base[axis] ?? 0)) <= share.rest) && buttons.every(({ pressed }) => !pressed);
}

const table: Table<State, Event> = {
  asking: {
    sampled(state, { gamepad }) {
      const answered = answer(state, gamepad);
      return answered ? { state: "releasing", after: state.ask, base: state.base, found: { ...state.found, ...answered } } : state;
    },
  },
  releasing: {
    sampled(state, { gamepad }) {
      if (!isAtRest(state.base, gamepad)) return state;
      const ask = asks[asks.indexOf(state.after) + 1];
      if (ask) return { state: "asking", ask, base: state.base, found: state.found };
      const { ahead, left, hold, stop } = state.found;
      const isWhole = ahead && left && hold !== undefined && stop !== undefined;
      return isWhole ? { state: "done", mapping: { ahead, left, hold, stop } } : begin(gamepad);
    },
  },
  done: { sampled: "ignored" },
};

/** The next state. Pure; the same object if nothing changes. */
export function next(state: State, gamepad: GamepadLike): State {
  return step(table, state, { type: "sampled", gamepad });
}
