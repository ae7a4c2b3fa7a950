import type { Intent } from "./input.ts";

/** The keys by `KeyboardEvent.code`, so that they lie alike on every layout. */
const directions = {
  KeyW: { linear: 1, angular: 0 },
  ArrowUp: { linear: 1, angular: 0 },
  KeyS: { linear: -1, angular: 0 },
  ArrowDown: { linear: -1, angular: 0 },
  KeyA: { linear: 0, angular: 1 },
  ArrowLeft: { linear: 0, angular: 1 },
  KeyD: { linear: 0, angular: -1 },
  ArrowRight: { linear: 0, angular: -1 },
} as const satisfies Record<string, Intent>;

export type Code = keyof typeof directions;

export const codes = Object.keys(directions) as readonly Code[];

export function isCode(code: string): code is Code {
  return Object.hasOwn(directions, code);
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
  const wanted = held(keyboard).map((code): Intent => directions[code]);
  if (!wanted.length) return undefined;
  const share = keyboard.isSlow ? slow : 1;
  const along = (axis: keyof Intent) => {
    const [ahead, back] = [wanted.some((one) => one[axis] > 0), wanted.some((one) => one[axis] < 0)];
    return ahead === back ? 0 : ahead ? share : -share;
  };
  return { linear: along("linear"), angular: along("angular") };
}
