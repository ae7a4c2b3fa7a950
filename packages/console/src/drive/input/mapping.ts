import * as z from "zod/mini";
import { type GamepadLike, hold, stop } from "./gamepad.ts";

const index = z.int().check(z.gte(0), z.lte(127));
/** An axis, and the sign it has in that direction. */
const Direction = z.object({ axis: index, sign: z.union([z.literal(1), z.literal(-1)]) });

/** The directions of a second stick; one that drives a single axis has no left. */
const Second = z.object({ ahead: Direction, left: z.optional(Direction) });

/** The axes and buttons to drive and stop with, of a gamepad that the browser does not know. */
export const Mapping = z.object({ ahead: Direction, left: Direction, hold: index, stop: index, second: z.optional(Second) });
export type Mapping = z.infer<typeof Mapping>;

/** Mappings by the gamepad's `id`, which names its maker and model. */
export type Mappings = Readonly<Record<string, Mapping>>;

/** A gamepad of the standard mapping, made of one that has another. */
export function asStandard(gamepad: GamepadLike, mapping: Mapping): GamepadLike {
  const along = ({ axis, sign }: Mapping["ahead"]) => sign * (gamepad.axes[axis] ?? Number.NaN);
  const buttons = Array.from({ length: 17 }, () => ({ pressed: false }));
  const isDown = (button: number) => ({ pressed: gamepad.buttons[button]?.pressed === true });
  buttons[hold.right] = isDown(mapping.hold);
  buttons[stop] = isDown(mapping.stop);
  const { id, index, connected } = gamepad;
  const { ahead, left, second } = mapping;
  const others = second ? [second.left ? 0 - along(second.left) : 0, 0 - along(second.ahead)] : [];
  return { id, index, connected, mapping: "standard", axes: [0 - along(left), 0 - along(ahead), ...others], buttons };
}

export type Found =
  | { readonly state: "none" }
  /** `gamepad` has the standard mapping, whatever it had before. */
  | { readonly state: "known"; readonly gamepad: GamepadLike; readonly mapping: Mapping | "standard" }
  | { readonly state: "unknown"; readonly gamepad: GamepadLike };

/** The first connected gamepad that can be read, else the first that would have to be mapped. */
export function found(gamepads: readonly (GamepadLike | null)[], mappings: Mappings): Found {
  const connected = gamepads.filter((gamepad): gamepad is GamepadLike => gamepad?.connected === true);
  for (const gamepad of connected) {
    const mapping = mappings[gamepad.id];
    if (mapping) return { state: "known", gamepad: asStandard(gamepad, mapping), mapping };
    if (gamepad.mapping === "standard") return { state: "known", gamepad, mapping: "standard" };
  }
  const [first] = connected;
  return first ? { state: "unknown", gamepad: first } : { state: "none" };
}

const key = "tether.gamepads";

/** The kept mappings; none where they cannot be read. */
export function load(storage: Pick<Storage, "getItem">): Mappings {
  try {
    const kept = z.record(z.string(), Mapping).safeParse(JSON.parse(storage.getItem(key) ?? "{}"));
    return kept.success ? kept.data : {};
  } catch {
    return {};
  }
}

export function keep(storage: Pick<Storage, "getItem" | "setItem">, id: string, mapping: Mapping | undefined): void {
  const { [id]: _, ...others } = load(storage);
  storage.setItem(key, JSON.stringify(mapping ? { ...others, [id]: mapping } : others));
}
