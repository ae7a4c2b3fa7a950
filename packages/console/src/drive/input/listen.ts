import type { GamepadLike } from "./gamepad.ts";
import { axisOf, isCode, isLetter } from "./keyboard.ts";
import { onLostRelease } from "./lost-release.ts";
import type { Steering } from "./steering.ts";
import { mayBeTextField } from "./text-field.ts";
import { look } from "./use-gamepad.ts";

/** Pressed together with these, a key is the browser's or the system's; and while they are down, releases get lost (on a Mac all do). */
export function isModified(event: KeyboardEvent): boolean {
  return event.ctrlKey || event.altKey || event.metaKey || event.getModifierState("AltGraph");
}

/** The axes that a robot has which declared none. */
const usualAxes = 2;

/** The gamepad for a robot of so many axes: a second stick that drives none of them does nothing. */
export function gamepadFor(axes: number): GamepadLike | undefined {
  const found = look();
  if (found.state !== "known") return undefined;
  return axes > usualAxes ? found.gamepad : { ...found.gamepad, axes: found.gamepad.axes.slice(0, usualAxes) };
}

export type Listening = {
  /** Whether commands are obeyed now. */
  allow(enabled: boolean): void;
  /**
   * Whether driving keys are for driving, wherever the focus is: a key that is held over a moment in which nothing may drive must not
   * begin to move the speed slider.
   */
  claim(holds: boolean): void;
  /** Whether the letters W, A, S and D drive too. */
  heedLetters(drive: boolean): void;
  /** How many axes the robot has: keys of others are none. */
  heedAxes(count: number): void;
  /** Someone does something in the page: looks whether driving may go on after it was left. */
  wake(): void;
  end(): void;
};

/**
 * Tells the steering what happens in the page. Everything after which a release might not be heard is taken for one, a modifier that is
 * down among it.
 */
export function listen({ tell, state }: Pick<Steering, "tell" | "state">): Listening {
  const over = new AbortController();
  let isEnabled = false;
  let isClaimed = false;
  let lettersDrive = true;
  let axes = usualAxes;

  function on<Heard extends Event>(target: EventTarget, name: string, hear: (event: Heard) => void, capture = false) {
    target.addEventListener(name, hear as (event: Event) => void, { capture, signal: over.signal });
  }

  function wake() {
    const isLookedAt = document.visibilityState === "visible" && document.hasFocus();
    tell({ type: isEnabled && isLookedAt ? "opened" : "closed" });
  }

  const leave = () => tell({ type: "closed" });

  on(window, "keydown", (event: KeyboardEvent) => {
    wake();
    tell({ type: "slowed", isSlow: event.shiftKey });
    const isModifiedNow = isModified(event);
    if (isModifiedNow) tell({ type: "typed" });
    if (!isCode(event.code) || axisOf(event.code) >= axes || (!lettersDrive && isLetter(event.code))) return;
    const isOurs = !isModifiedNow && !event.defaultPrevented && !event.isComposing && !mayBeTextField(event);
    tell({ type: "pressed", code: event.code, counts: isOurs && !event.repeat });
    if (isOurs && (isClaimed || state().state !== "closed")) event.preventDefault();
  });
  // Before anyone can keep it from us.
  on(
    window,
    "keyup",
    ({ code, shiftKey }: KeyboardEvent) => {
      tell({ type: "slowed", isSlow: shiftKey });
      if (isCode(code)) tell({ type: "lifted", code });
    },
    true,
  );
  on(window, "focusin", (event: FocusEvent) => {
    if (mayBeTextField(event)) tell({ type: "typed" });
  });

  onLostRelease(leave, over.signal);
  // A page that is still looked at may go on at once.
  for (const name of ["focus", "pageshow", "contextmenu", "dragstart"]) on(window, name, wake);
  for (const name of ["visibilitychange", "resume", "fullscreenchange"]) on(document, name, wake);

  const plugged = () => tell({ type: "plugged", gamepad: gamepadFor(axes) });
  for (const name of ["gamepadconnected", "gamepaddisconnected"]) on(window, name, plugged);
  plugged();

  return {
    allow(enabled) {
      isEnabled = enabled;
      wake();
    },
    claim(holds) {
      isClaimed = holds;
    },
    heedLetters(drive) {
      lettersDrive = drive;
      tell({ type: "typed" });
    },
    heedAxes(count) {
      axes = count;
      tell({ type: "typed" });
    },
    wake,
    end: () => over.abort(),
  };
}
