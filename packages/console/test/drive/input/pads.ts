import type { GamepadLike } from "../../../src/drive/input/gamepad.ts";

/** A gamepad with the standard mapping and its stick at rest, but for what differs. `down`: the buttons that are pressed. */
export function pad({ down = [], ...differs }: Partial<Omit<GamepadLike, "buttons">> & { down?: readonly number[] } = {}): GamepadLike {
  const buttons = Array.from({ length: 17 }, (_, button) => ({ pressed: down.includes(button) }));
  return { id: "pad", index: 0, connected: true, mapping: "standard", axes: [0, 0, 0, 0], buttons, ...differs };
}
