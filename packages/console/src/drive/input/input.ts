/** What a person wants, as shares of what the robot may do: forward +1 … back -1; left (counterclockwise) +1 … right -1. */
export type Intent = { readonly linear: number; readonly angular: number };

/** What a person steers with. */
export type Source = "keyboard" | "joystick" | "gamepad";

/** Nothing is wanted: the robot stands. */
export const rest: Intent = { linear: 0, angular: 0 };
