import { axesOf, type Intent, intentOf, rest } from "./input.ts";

/** Where a stick stands: `x` to the right, `y` ahead, 1 at its edge. `dial`: which stick, 0 where it is the first; each drives two axes. */
export type Stick = { readonly x: number; readonly y: number; readonly dial?: number };

/**
 * The speed that a stick asks for: nothing within the dead zone around its centre, and from there on evenly up to all at its edge, in its
 * direction, so that it neither jumps nor sticks to the axes.
 */
export function wished({ x, y, dial = 0 }: Stick, deadZone: number): Intent {
  const length = Math.hypot(x, y);
  if (!Number.isFinite(length) || length <= deadZone) return rest;
  const share = Math.min(1, (length - deadZone) / (1 - deadZone)) / length;
  return intentOf([...Array.from({ length: 2 * dial }, () => 0), y * share, 0 - x * share]);
}

/** The number of the stick's dial on the page. */
export const dialOf = ({ dial = 0 }: Stick): number => dial;

/** The intent of several sticks together. No two sticks drive the same axis. */
export function allWished(sticks: readonly Stick[], deadZone: number): Intent {
  const wishes = sticks.map((stick) => axesOf(wished(stick, deadZone)));
  const length = Math.max(0, ...wishes.map((wish) => wish.length));
  return intentOf(Array.from({ length }, (_, axis) => wishes.reduce((sum, wish) => sum + (wish[axis] ?? 0), 0)));
}
