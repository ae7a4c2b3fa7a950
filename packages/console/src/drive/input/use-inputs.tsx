import type { Axis } from "@tether/sdk/client";
import { type ReactNode, useCallback, useEffect, useEffectEvent, useId, useLayoutEffect, useState, useSyncExternalStore } from "react";
import { Button } from "../../component/button.tsx";
import { useServices } from "../../services.ts";
import { titleOf } from "../axes.ts";
import type { Intent, Source } from "./input.ts";
import { Joystick } from "./joystick.tsx";
import { lettersOf } from "./keyboard.ts";
import { gamepadFor, type Listening, listen } from "./listen.ts";
import { createSteering, type Steering } from "./steering.ts";

type Inputs = {
  /** The robot's axes in their order; undefined where it declared none and has the usual two. */
  readonly axes: readonly Axis[] | undefined;
  /** The robot obeys just now. */
  readonly enabled: boolean;
  /** Whether this end holds control, even while the robot does not obey. */
  readonly holds: boolean;
  readonly send: (intent: Intent) => boolean;
  readonly released: () => void;
};

const never = () => () => {};

/**
 * All ways to steer as one: keyboard, virtual joystick, gamepad. `send` is called at 20 Hz while any of them is held and once with
 * zero at release, then `released`; never after.
 */
export function useInputs({ axes, enabled, holds, send, released }: Inputs): { joystick: ReactNode; source: Source | undefined } {
  const { clock } = useServices().platform;
  const [made, setMade] = useState<{ readonly steering: Steering; readonly listening: Listening }>();
  const [letters, setLetters] = useState(true);
  const onSend = useEffectEvent(send);
  const onReleased = useEffectEvent(released);
  const count = axes?.length ?? 2;
  const onGamepad = useEffectEvent(() => gamepadFor(count));

  useLayoutEffect(() => {
    const steering = createSteering({ clock, gamepad: () => onGamepad(), send: (intent) => onSend(intent), released: () => onReleased() });
    const listening = listen(steering);
    setMade({ steering, listening });
    return () => {
      listening.end();
      steering.end();
      setMade(undefined);
    };
  }, [clock]);
  useLayoutEffect(() => made?.listening.heedAxes(count), [made, count]);
  useLayoutEffect(() => made?.listening.allow(enabled), [made, enabled]);
  useLayoutEffect(() => made?.listening.claim(holds), [made, holds]);
  useEffect(() => made?.listening.heedLetters(letters), [made, letters]);

  const sourceOf = useCallback(() => {
    const state = made?.steering.state();
    return state?.state === "driving" ? state.source : undefined;
  }, [made]);
  const source = useSyncExternalStore(made?.steering.subscribe ?? never, sourceOf);
  const joystick = made && <Steer {...made} axes={axes} letters={letters} setLetters={setLetters} />;
  return { joystick, source };
}

/** A joystick for each two axes; the last of an odd number goes one way only. */
function dialsOf(axes: number): readonly { readonly dial: number; readonly isStraight: boolean }[] {
  return Array.from({ length: Math.ceil(axes / 2) }, (_, dial) => ({ dial, isStraight: 2 * dial + 1 === axes }));
}

type SteerProps = {
  readonly steering: Steering;
  readonly listening: Listening;
  readonly axes: readonly Axis[] | undefined;
  readonly letters: boolean;
  readonly setLetters: (letters: boolean) => void;
};

/** The joystick, and what else one may steer with. */
function Steer({ steering, listening, axes, letters, setLetters }: SteerProps) {
  const id = useId();
  const [first, ...others] = dialsOf(axes?.length ?? 2);
  return (
    <section className="steer" aria-labelledby={id}>
      <h2 id={id} className="hidden">
        Steer
      </h2>
      {first && <Joystick steering={steering} wake={listening.wake} {...first} />}
      <p className="small quiet">The arrow keys drive too, slowly with Shift. A gamepad shows here once you press one of its buttons.</p>
      <Button size="small" aria-pressed={letters} onClick={() => setLetters(!letters)}>
        W A S D drive too
      </Button>
      {others.length > 0 && (
        <div className="more-joysticks">
          {others.map((one) => (
            <Joystick key={one.dial} steering={steering} wake={listening.wake} {...one} />
          ))}
        </div>
      )}
      {axes && (
        <ol className="small axes">
          {axes.map((axis, at) => (
            <li key={axis.name}>
              {titleOf(axis)} <span className="quiet">{letters && lettersOf(at)}</span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
