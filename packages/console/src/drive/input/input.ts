/** The wanted motion, as shares of the robot's limits: forward +1 … back -1; left (counterclockwise) +1 … right -1. */
export type Intent = {
  readonly linear: number;
  readonly angular: number;
  /** Of a robot that declared more axes: the third and on, in their order. Those that are missing are at rest. */
  readonly others?: readonly number[];
};

/** The axes of an intent in their order: ahead, to the left, and what else the robot declared. */
export function axesOf({ linear, angular, others = [] }: Intent): readonly number[] {
  return [linear, angular, ...others];
}

export function intentOf([linear = 0, angular = 0, ...others]: readonly number[]): Intent {
  return { linear, angular, ...(others.some((value) => value !== 0) && { others }) };
}

export function isAtRest(intent: Intent): boolean {
  return axesOf(intent).every((value) => value === 0);
}

/** The device that a person steers with. */
export type Source = "keyboard" | "joystick" | "gamepad";

/** The intent to stand. */
export const rest: Intent = { linear: 0, angular: 0 };
