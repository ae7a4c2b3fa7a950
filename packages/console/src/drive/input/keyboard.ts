import { type Intent, intentOf } from "./input.ts";

/** The keys by `KeyboardEvent.code`, so that they lie alike on every layout: the number of their axis, and their direction on it. */
const directions = {
  KeyW: [0, 1],
  ArrowUp: [0, 1],
  KeyS: [0, -1],
  ArrowDown: [0, -1],
  KeyA: [1, 1],
  ArrowLeft: [1, 1],
  KeyD: [1, -1],
  ArrowRight: [1, -1],
  KeyR: [2, 1],
  KeyF: [2, -1],
  KeyQ: [3, 1],
  KeyE: [3, -1],
  KeyT: [4, 1],
  KeyG: [4, -1],
  KeyY: [5, 1],
  KeyH: [5, -1],
} as const satisfies Record<string, readonly [axis: number, direction: 1 | -1]>;

export type Code = keyof typeof directions;

export const codes = Object.keys(directions) as readonly Code[];

export function isCode(code: string): code is Code {
  return Object.hasOwn(directions, code);
}

/** The number of the key's axis, in the order in which the robot declared them. */
export function axisOf(code: Code): number {
  return directions[code][0];
}

/** The letters that drive an axis, with its positive direction first; undefined where none does. */
export function lettersOf(axis: number): string | undefined {
  const letters = codes.filter((code) => isLetter(code) && axisOf(code) === axis).map((code) => code.slice("Key".length));
  return letters.length > 0 ? letters.join(" ") : undefined;
}

/** The driving keys without the arrows. */
export function isLetter(code: Code): boolean {
  return code.startsWith("Key");
}

/** The share that is wanted while Shift is down. */
const slow = 0.5;

/** The keys that are down. A spent one does not drive before it is up and pressed anew. */
export type Keyboard = { readonly keys: ReadonlyMap<Code, "held" | "spent">; readonly isSlow: boolean };

export const untouched: Keyboard = { keys: new Map(), isSlow: false };

/**
 * A key that is known to be down is no news, however the browser calls it: after two seconds away from the page Chromium takes the
 * repetition of a held key for a new press.
 */
export function press(keyboard: Keyboard, code: Code, counts: boolean): Keyboard {
  if (keyboard.keys.has(code)) return keyboard;
  return { ...keyboard, keys: new Map(keyboard.keys).set(code, counts ? "held" : "spent") };
}

export function lift(keyboard: Keyboard, code: Code): Keyboard {
  if (!keyboard.keys.has(code)) return keyboard;
  return { ...keyboard, keys: new Map([...keyboard.keys].filter(([key]) => key !== code)) };
}

/** None of the keys that are down counts any more. */
export function spend(keyboard: Keyboard): Keyboard {
  if (!held(keyboard).length) return keyboard;
  return { ...keyboard, keys: new Map([...keyboard.keys.keys()].map((key) => [key, "spent"])) };
}

function held({ keys }: Keyboard): Code[] {
  return [...keys].filter(([, condition]) => condition === "held").map(([code]) => code);
}

/** The intent of the held keys; undefined where none is held. Opposite keys cancel each other. */
export function wish(keyboard: Keyboard): Intent | undefined {
  const wanted = held(keyboard).map((code) => directions[code]);
  if (!wanted.length) return undefined;
  const share = keyboard.isSlow ? slow : 1;
  const along = (axis: number) => {
    const isWanted = (towards: number) => wanted.some(([one, direction]) => one === axis && direction === towards);
    const [ahead, back] = [isWanted(1), isWanted(-1)];
    return ahead === back ? 0 : ahead ? share : -share;
  };
  return intentOf(Array.from({ length: 1 + Math.max(1, ...wanted.map(([axis]) => axis)) }, (_, axis) => along(axis)));
}
