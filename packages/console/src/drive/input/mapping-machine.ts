import { step, type Table } from "@tether/sdk/machine/table";
import type { GamepadLike } from "./gamepad.ts";
import type { Mapping } from "./mapping.ts";

const needed = ["ahead", "left", "hold", "stop"] as const;
/** Of a second stick, which a gamepad may not have. */
const more = ["secondAhead", "secondLeft"] as const;
export type Ask = (typeof needed)[number] | (typeof more)[number];

/** The functions to map for a robot of so many axes, in this order. */
export const asksFor = (axes: number): readonly Ask[] => [...needed, ...more.slice(0, Math.max(0, axes - 2))];
export const canSkip = (ask: Ask): boolean => more.some((one) => one === ask);

type Direction = Mapping["ahead"];
type Found = Partial<Record<"ahead" | "left" | (typeof more)[number], Direction> & Record<"hold" | "stop", number>>;
type Known = { readonly asks: readonly Ask[]; readonly base: readonly number[]; readonly found: Found };

/** A stick is to be pushed, or a button to be pressed. `base` is where the axes rest: a trigger's is at one end. */
type Asking = Known & { readonly state: "asking"; readonly ask: Ask };
/** The input just found is still held: the next is asked for once all inputs are at rest again. */
type Releasing = Known & { readonly state: "releasing"; readonly after: Ask };
type Done = { readonly state: "done"; readonly mapping: Mapping };
export type State = Asking | Releasing | Done;

type Event = { readonly type: "sampled"; readonly gamepad: GamepadLike } | { readonly type: "skipped" };

/** Pushed and at rest, as shares of an axis: between them nothing is known. */
const share = { pushed: 0.6, rest: 0.25 } as const;

/** `axes`: how many the robot has. */
export function begin(gamepad: GamepadLike, axes: number): State {
  return { state: "asking", ask: "ahead", asks: asksFor(axes), base: [...gamepad.axes], found: {} };
}

function pushed(base: readonly number[], { axes }: GamepadLike): { axis: number; sign: 1 | -1 } | undefined {
  const moved = axes.map((value, axis) => ({ axis, by: value - (base[axis] ?? 0) }));
  const most = moved.reduce((one, other) => (Math.abs(other.by) > Math.abs(one.by) ? other : one), { axis: -1, by: 0 });
  return Math.abs(most.by) >= share.pushed ? { axis: most.axis, sign: most.by > 0 ? 1 : -1 } : undefined;
}

function answer({ ask, base, found }: Asking, gamepad: GamepadLike): Found | undefined {
  if (ask !== "hold" && ask !== "stop") {
    const direction = pushed(base, gamepad);
    const known = [found.ahead, found.left, found.secondAhead];
    // An axis cannot have two directions.
    return direction && !known.some((one) => one?.axis === direction.axis) ? { [ask]: direction } : undefined;
  }
  const button = gamepad.buttons.findIndex(({ pressed }, index) => pressed && !(ask === "stop" && index === found.hold));
  return button === -1 ? undefined : { [ask]: button };
}

function isAtRest(base: readonly number[], { axes, buttons }: GamepadLike): boolean {
  return axes.every((value, axis) => Math.abs(value - (base[axis] ?? 0)) <= share.rest) && buttons.every(({ pressed }) => !pressed);
}

function finish({ found: { ahead, left, hold, stop, secondAhead, secondLeft } }: Known): Done | undefined {
  if (!ahead || !left || hold === undefined || stop === undefined) return undefined;
  const second = secondAhead && { second: { ahead: secondAhead, ...(secondLeft && { left: secondLeft }) } };
  return { state: "done", mapping: { ahead, left, hold, stop, ...second } };
}

const table: Table<State, Event> = {
  asking: {
    sampled(state, { gamepad }) {
      const answered = answer(state, gamepad);
      const { ask: after, asks, base, found } = state;
      return answered ? { state: "releasing", after, asks, base, found: { ...found, ...answered } } : state;
    },
    skipped: (state) => (canSkip(state.ask) ? (finish(state) ?? state) : state),
  },
  releasing: {
    sampled(state, { gamepad }) {
      if (!isAtRest(state.base, gamepad)) return state;
      const { asks, base, found } = state;
      const ask = asks[asks.indexOf(state.after) + 1];
      return ask ? { state: "asking", ask, asks, base, found } : (finish(state) ?? state);
    },
    skipped: "ignored",
  },
  done: { sampled: "ignored", skipped: "ignored" },
};

/** The next state. Pure; the same object if nothing changes. */
export function next(state: State, gamepad: GamepadLike): State {
  return step(table, state, { type: "sampled", gamepad });
}

/** The state after the gamepad was said not to have what is asked for. */
export function skip(state: State): State {
  return step(table, state, { type: "skipped" });
}
