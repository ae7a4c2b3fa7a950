import type { ReactNode } from "react";
import type { Intent, Source } from "./input.ts";

type Inputs = {
  readonly enabled: boolean;
  readonly send: (intent: Intent) => void;
  readonly released: () => void;
};

/**
 * All ways to steer as one: keyboard, virtual joystick, gamepad. `send` is called at 20 Hz while any of them is held and once with
 * zero at release; never after.
 */
export function useInputs(_: Inputs): { joystick: ReactNode; source: Source | undefined } {
  return { joystick: null, source: undefined };
}
