import { step, type Table } from "@tether/sdk/machine/table";
import * as Gamepads from "./gamepad.ts";
import { type Intent, rest, type Source } from "./input.ts";
import * as Keys from "./keyboard.ts";
import { ramped } from "./ramp.ts";
import { allWished, dialOf, type Stick } from "./stick.ts";

/** The inputs at hand. `joysticks` are the positions of those on the page that are held; `gamepad` is undefined where none is plugged in. */
type Hands = {
  readonly keyboard: Keys.Keyboard;
  readonly joysticks: readonly Stick[];
  readonly gamepad: Gamepads.Pad | undefined;
};

/** No input drives: it is not allowed, or the page is hidden. An input that is pressed meanwhile does not drive later either. */
export type Closed = { readonly state: "closed"; readonly hands: Hands };
/** The next input that is pressed drives. */
type Ready = { readonly state: "ready"; readonly hands: Hands };
/** A source drives until it is released. `at`: when `intent` was worked out, in ms. */
type Driving = {
  readonly state: "driving";
  readonly hands: Hands;
  readonly source: Source;
  readonly intent: Intent;
  readonly at: number;
};
export type State = Closed | Ready | Driving;

export type Happening =
  | { readonly type: "opened" }
  | { readonly type: "closed" }
  /** A key of ours is down. `counts`: it was pressed just now, and for us. */
  | { readonly type: "pressed"; readonly code: Keys.Code; readonly counts: boolean }
  | { readonly type: "lifted"; readonly code: Keys.Code }
  /** The keyboard is used for something else. */
  | { readonly type: "typed" }
  | { readonly type: "slowed"; readonly isSlow: boolean }
  /** A joystick is taken, moved, let go. Several may be held, each by a finger. */
  | { readonly type: "taken"; readonly stick: Stick }
  | { readonly type: "moved"; readonly stick: Stick }
  | { readonly type: "released"; readonly dial: number }
  /** The last command is not obeyed. */
  | { readonly type: "refused" }
  /** A gamepad came or went. */
  | { readonly type: "plugged"; readonly gamepad: Gamepads.GamepadLike | undefined }
  /** Time went by, about `tickMs`. */
  | { readonly type: "ticked"; readonly gamepad: Gamepads.GamepadLike | undefined };
export type Event = Happening & { readonly at: number };
type On<Type extends Event["type"]> = Extract<Event, { type: Type }>;

/** Intents are sent so often. */
export const tickMs = 50;
/** A tick so long after the one before means that the page stood still: the robot stopped by itself, and stays so. */
const lateMs = 500;
/** A finger on the joystick's middle wants nothing. */
const deadZone = 0.1;

export const initial: Closed = { state: "closed", hands: { keyboard: Keys.untouched, joysticks: [], gamepad: undefined } };

/** The intent of a source; undefined where it is not held. */
function wishOf({ keyboard, joysticks, gamepad }: Hands, source: Source): Intent | undefined {
  if (source === "keyboard") return Keys.wish(keyboard);
  if (source === "joystick") return joysticks.length > 0 ? allWished(joysticks, deadZone) : undefined;
  return gamepad?.condition === "held" ? gamepad.wish : undefined;
}

const sources: readonly Source[] = ["keyboard", "joystick", "gamepad"];

/** None but `except` counts before it is released and pressed anew. */
function spend(hands: Hands, except?: Source): Hands {
  return {
    keyboard: except === "keyboard" ? hands.keyboard : Keys.spend(hands.keyboard),
    joysticks: except === "joystick" ? hands.joysticks : [],
    gamepad: except === "gamepad" ? hands.gamepad : Gamepads.spend(hands.gamepad),
  };
}

/** The first that is held leads until it is released, and then every other one has to be pressed anew. */
function withHands(state: Ready | Driving, hands: Hands, at: number): Ready | Driving {
  if (state.state === "driving") {
    const others = spend(hands, state.source);
    return wishOf(hands, state.source) ? { ...state, hands: others } : { state: "ready", hands: others };
  }
  const source = sources.find((one) => wishOf(hands, one));
  if (!source) return { state: "ready", hands };
  const intent = ramped(rest, wishOf(hands, source) ?? rest, tickMs);
  return { state: "driving", hands, source, intent, at };
}

function close({ hands }: State): Closed {
  return { state: "closed", hands: spend(hands) };
}

function tick(state: Ready | Driving, { gamepad, at }: On<"ticked">): State {
  const hands = { ...state.hands, gamepad: Gamepads.read(state.hands.gamepad, gamepad) };
  if (state.state !== "driving") return withHands(state, hands, at);
  const elapsedMs = at - state.at;
  // Set back, the clock does not tell how long anything took.
  if (elapsedMs < 0 || elapsedMs > lateMs) return { state: "ready", hands: spend(hands) };
  const wish = wishOf(hands, state.source) ?? rest;
  // A page that was busy goes on gently.
  return withHands({ ...state, intent: ramped(state.intent, wish, Math.min(elapsedMs, 2 * tickMs)), at }, hands, at);
}

/** How a happening changes what is at hand. */
const hands = {
  pressed: ({ hands }: State, { code, counts }: On<"pressed">) => keyed(hands, Keys.press(hands.keyboard, code, counts)),
  lifted: ({ hands }: State, { code }: On<"lifted">) => keyed(hands, Keys.lift(hands.keyboard, code)),
  typed: ({ hands }: State) => keyed(hands, Keys.spend(hands.keyboard)),
  slowed: ({ hands }: State, { isSlow }: On<"slowed">) =>
    hands.keyboard.isSlow === isSlow ? hands : keyed(hands, { ...hands.keyboard, isSlow }),
  plugged: ({ hands }: State, { gamepad }: On<"plugged">) => ({ ...hands, gamepad: Gamepads.read(hands.gamepad, gamepad) }),
};

function keyed(hands: Hands, keyboard: Keys.Keyboard): Hands {
  return keyboard === hands.keyboard ? hands : { ...hands, keyboard };
}

/** While closed, what is at hand is only known. */
const known =
  <Type extends Event["type"]>(change: (state: State, event: On<Type>) => Hands) =>
  (state: Closed, event: On<Type>): State => {
    const hands = change(state, event);
    return hands === state.hands ? state : { ...state, hands: spend(hands) };
  };

/** While open, it drives. */
const heeded =
  <Type extends Event["type"]>(change: (state: State, event: On<Type>) => Hands) =>
  (state: Ready | Driving, event: On<Type>): State => {
    const hands = change(state, event);
    return hands === state.hands ? state : withHands(state, hands, event.at);
  };

const without = (joysticks: readonly Stick[], dial: number) => joysticks.filter((stick) => dialOf(stick) !== dial);
const taken = (state: Ready, { stick, at }: On<"taken">): State => withHands(state, { ...state.hands, joysticks: [stick] }, at);
/** A second finger drives along with the first; beside another source it is none. */
const joined = (state: Driving, { stick }: On<"taken">): State =>
  state.source === "joystick" ? held(state, [...without(state.hands.joysticks, dialOf(stick)), stick]) : state;
const moved = (state: Driving, { stick }: On<"moved">): State => {
  const others = without(state.hands.joysticks, dialOf(stick));
  return others.length < state.hands.joysticks.length ? held(state, [...others, stick]) : state;
};
const held = (state: Driving, joysticks: readonly Stick[]): State => ({ ...state, hands: { ...state.hands, joysticks } });
const released = (state: Driving, { dial, at }: On<"released">): State =>
  withHands(state, { ...state.hands, joysticks: without(state.hands.joysticks, dial) }, at);

const table: Table<State, Event> = {
  closed: {
    opened: ({ hands }) => ({ state: "ready", hands }),
    closed: "ignored",
    pressed: known(hands.pressed),
    lifted: known(hands.lifted),
    typed: "ignored",
    slowed: known(hands.slowed),
    taken: "ignored",
    moved: "ignored",
    released: "ignored",
    refused: "ignored",
    plugged: known(hands.plugged),
    ticked: "ignored",
  },
  ready: {
    opened: "ignored",
    closed: close,
    pressed: heeded(hands.pressed),
    lifted: heeded(hands.lifted),
    typed: "ignored",
    slowed: heeded(hands.slowed),
    taken,
    moved: "ignored",
    released: "ignored",
    refused: "ignored",
    plugged: heeded(hands.plugged),
    ticked: tick,
  },
  driving: {
    opened: "ignored",
    closed: close,
    pressed: heeded(hands.pressed),
    lifted: heeded(hands.lifted),
    typed: heeded(hands.typed),
    slowed: heeded(hands.slowed),
    taken: joined,
    moved,
    released,
    refused: ({ hands }) => ({ state: "ready", hands: spend(hands) }),
    plugged: heeded(hands.plugged),
    ticked: tick,
  },
};

/** The next state. Pure; the same object if nothing changes. */
export function next(state: State, event: Event): State {
  return step(table, state, event);
}
