/** The wanted motion, as shares of the robot's limits: forward +1 … back -1; left (counterclockwise) +1 … right -1. */
export type Intent = { readonly linear: number; readonly angular: number };

/** The device that a person steers with. */
export type Source = "keyboard" | "joystick" | "gamepad";

/** The intent to stand. */
export const rest: Intent = { linear: 0, angular: 0 };
