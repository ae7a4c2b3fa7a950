import type { Button } from "@tether/sdk/client";
import { useEffect, useEffectEvent, useMemo, useRef } from "react";
import { useServices } from "../../services.ts";
import { isHeld, own } from "./gamepad.ts";
import { gamepadFor, isModified } from "./listen.ts";
import { onLostRelease } from "./lost-release.ts";
import { tickMs } from "./machine.ts";
import { mayBeTextField } from "./text-field.ts";

/** Presses a button of the robot's; what it returns lets go of it. */
export type Press = (button: string) => () => void;

export type Hold = {
  /** `by` names the key, the finger or the gamepad's button that holds it. */
  begin(by: string, button: string): void;
  end(by: string): void;
};

/** Digits 1 to 9, and a gamepad's own buttons while a shoulder is held, press the robot's buttons in their order. Without `press` nothing does. */
export function useButtonKeys(buttons: readonly Button[], press: Press | undefined): Hold {
  const { clock } = useServices().platform;
  const held = useRef(new Map<string, () => void>());
  const current = useRef(press);
  current.current = press;

  const hold = useMemo<Hold>(
    () => ({
      begin(by, button) {
        if (current.current && !held.current.has(by)) held.current.set(by, current.current(button));
      },
      end(by) {
        held.current.get(by)?.();
        held.current.delete(by);
      },
    }),
    [],
  );

  const letGo = useEffectEvent(() => {
    for (const by of [...held.current.keys()]) hold.end(by);
  });
  const nameAt = useEffectEvent((at: number) => buttons[at]?.name);

  const isEnabled = press !== undefined;
  useEffect(() => {
    if (!isEnabled) return undefined;
    const over = new AbortController();
    const { signal } = over;
    window.addEventListener(
      "keydown",
      (event) => {
        // While a modifier is down, releases get lost.
        if (isModified(event)) letGo();
        const [, digit] = /^(?:Digit|Numpad)([1-9])$/.exec(event.code) ?? [];
        const name = digit && nameAt(Number(digit) - 1);
        if (!name || event.repeat || isModified(event) || mayBeTextField(event)) return;
        event.preventDefault();
        hold.begin(event.code, name);
      },
      { signal },
    );
    window.addEventListener("keyup", ({ code }) => hold.end(code), { capture: true, signal });
    onLostRelease(letGo, signal);

    let wasDown: readonly boolean[] = own.map(() => true);
    let cancel = () => {};
    const read = () => {
      cancel = clock.after(tickMs, read);
      const gamepad = gamepadFor(0);
      const isDown = own.map((button) => gamepad !== undefined && isHeld(gamepad) && gamepad.buttons[button]?.pressed === true);
      for (const [at, down] of isDown.entries()) {
        const name = nameAt(at);
        // A gamepad is read by every window that is in sight, and meant for the one that has the focus.
        if (down && !wasDown[at] && name && document.hasFocus()) hold.begin(`gamepad ${at}`, name);
        if (!down) hold.end(`gamepad ${at}`);
      }
      wasDown = isDown;
    };
    read();
    return () => {
      over.abort();
      cancel();
      letGo();
    };
  }, [isEnabled, hold, clock]);
  return hold;
}
