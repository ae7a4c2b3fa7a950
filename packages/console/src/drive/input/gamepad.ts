import { axesOf, type Intent, intentOf, isAtRest, rest } from "./input.ts";
import { wished } from "./stick.ts";

/** The part of the browser's `Gamepad` that is read. */
export type GamepadLike = Pick<Gamepad, "id" | "index" | "connected" | "mapping" | "axes"> & {
  readonly buttons: readonly Pick<GamepadButton, "pressed">[];
};

/**
 * A gamepad as it was read last. It is spent until its stick and its cross were seen at rest: one that is stuck, or was pushed before
 * driving was allowed, does not drive off.
 */
export type Pad = {
  readonly id: string;
  readonly condition: "free" | "held" | "spent";
  readonly wish: Intent;
};

const deadZone = 0.15;
/** Buttons in the standard mapping, https://w3c.github.io/gamepad/#remapping: the cross, the shoulders that are held to drive, and STOP. */
const cross = { up: 12, down: 13, left: 14, right: 15 } as const;
export const hold = { left: 4, right: 5 } as const;
export const stop = 1;
/** A, X, Y, View and Menu: they press the robot's own buttons, in their order. */
export const own = [0, 2, 3, 8, 9] as const;

export function isStopDown({ buttons }: GamepadLike): boolean {
  return buttons[stop]?.pressed === true;
}

/**
 * Reads a gamepad that was `before` when it was read last; undefined where there is none. One that says nothing new is held all the
 * same: Chromium's `timestamp` stands still while a stick is pressed to its edge. Out of reach, it is disconnected.
 */
export function read(before: Pad | undefined, gamepad: GamepadLike | undefined): Pad | undefined {
  if (!gamepad) return undefined;
  const id = `${gamepad.index} ${gamepad.id}`;
  const known = before?.id === id ? before : undefined;
  const wish = wishOf(gamepad);
  const pad = { id, wish: wish ?? rest };
  if (wish && isAtRest(wish)) return { ...pad, condition: "free" };
  const counts = wish && known && known.condition !== "spent";
  return { ...pad, condition: counts ? "held" : "spent" };
}

export function spend(pad: Pad | undefined): Pad | undefined {
  return pad && { ...pad, condition: "spent" };
}

/** Whether a shoulder is held: a button of the robot's that is only brushed does nothing. */
export function isHeld({ buttons }: GamepadLike): boolean {
  return [hold.left, hold.right].some((shoulder) => buttons[shoulder]?.pressed === true);
}

/** Nothing, unless a shoulder is held: a stick that is brushed or drifts does not drive. The cross comes before the stick. Undefined where the stick's place is no number. */
function wishOf(gamepad: GamepadLike): Intent | undefined {
  const { axes, buttons } = gamepad;
  const isDown = (button: number) => Number(buttons[button]?.pressed === true);
  const linear = isDown(cross.up) - isDown(cross.down);
  const angular = isDown(cross.left) - isDown(cross.right);
  const [x = Number.NaN, down = Number.NaN, secondX = 0, secondDown = 0] = axes;
  if (![x, down, secondX, secondDown].every(Number.isFinite)) return undefined;
  if (!isHeld(gamepad)) return rest;
  const first = linear === 0 && angular === 0 ? wished({ x, y: 0 - down }, deadZone) : { linear, angular };
  const second = wished({ x: secondX, y: 0 - secondDown }, deadZone);
  return intentOf([...axesOf(first), ...axesOf(second)]);
}
