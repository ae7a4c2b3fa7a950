import { type GamepadLike, hold } from "../../../src/drive/input/gamepad.ts";

type Differs = Partial<Omit<GamepadLike, "buttons">> & { readonly down?: readonly number[] };

/** A gamepad with the standard mapping, its stick at rest and a shoulder held, but for what differs. `down`: the buttons that are pressed beside. */
export function pad({ down = [], ...differs }: Differs = {}): GamepadLike {
  return loose({ down: [hold.right, ...down], ...differs });
}

/** The same with no shoulder held. */
export function loose({ down = [], ...differs }: Differs = {}): GamepadLike {
  const buttons = Array.from({ length: 17 }, (_, button) => ({ pressed: down.includes(button) }));
  return { id: "pad", index: 0, connected: true, mapping: "standard", axes: [0, 0, 0, 0], buttons, ...differs };
}
