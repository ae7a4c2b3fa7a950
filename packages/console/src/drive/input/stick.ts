import { type Intent, rest } from "./input.ts";

/** Where a stick stands: `x` to the right, `y` ahead, 1 at its edge. */
export type Stick = { readonly x: number; readonly y: number };

/**
 * What a stick wants: nothing within the dead zone around its centre, and from there on evenly up to all at its edge, in its
 * direction, so that it neither jumps nor sticks to the axes.
 */
export function wished({ x, y }: Stick, deadZone: number): Intent {
  const length = Math.hypot(x, y);
  if (!Number.isFinite(length) || length <= deadZone) return rest;
  const share = Math.min(1, (length - deadZone) / (1 - deadZone)) / length;
  return { linear: y * share, angular: 0 - x * share };
}
