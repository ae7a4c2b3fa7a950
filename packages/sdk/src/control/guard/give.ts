import { limitSpeed } from "./blind-time.ts";
import { createPresses, limitAxes } from "./declared.ts";
import type { Effect } from "./event.ts";
import type { GuardOptions } from "./options.ts";

type Hooks = Pick<GuardOptions, "onCommand" | "onPress" | "limits" | "declaration">;

/** Gives the driver the commands that are to be obeyed, within the bounds of the policy and of what it declared. */
export function createGive({ onCommand, onPress, limits, declaration }: Hooks) {
  const presses = createPresses();
  return ({ command, obeyed, bounds }: Omit<Extract<Effect, { type: "command" }>, "type">): void => {
    const share = limits ? 1 : obeyed.limit;
    onCommand(declaration ? limitAxes(declaration, command, bounds, share) : limitSpeed(command, bounds, share), obeyed);
    const button = declaration && presses.take(command);
    if (button !== undefined) onPress?.(button, obeyed);
  };
}
