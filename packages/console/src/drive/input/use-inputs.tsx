import { type ReactNode, useCallback, useEffect, useEffectEvent, useId, useLayoutEffect, useState, useSyncExternalStore } from "react";
import { Button } from "../../component/button.tsx";
import { useServices } from "../../services.ts";
import type { Intent, Source } from "./input.ts";
import { Joystick } from "./joystick.tsx";
import { gamepad, type Listening, listen } from "./listen.ts";
import { createSteering, type Steering } from "./steering.ts";

type Inputs = {
  /** The robot obeys just now. */
  readonly enabled: boolean;
  /** This end holds control, whether or not the robot obeys just now. */
  readonly holds: boolean;
  readonly send: (intent: Intent) => boolean;
  readonly released: () => void;
};

const never = () => () => {};

/**
 * All ways to steer as one: keyboard, virtual joystick, gamepad. `send` is called at 20 Hz while any of them is held and once with
 * zero at release, then `released`; never after.
 */
export function useInputs({ enabled, holds, send, released }: Inputs): { joystick: ReactNode; source: Source | undefined } {
  const { clock } = useServices().platform;
  const [made, setMade] = useState<{ readonly steering: Steering; readonly listening: Listening }>();
  const [letters, setLetters] = useState(true);
  const onSend = useEffectEvent(send);
  const onReleased = useEffectEvent(released);

  useLayoutEffect(() => {
    const steering = createSteering({ clock, gamepad, send: (intent) => onSend(intent), released: () => onReleased() });
    const listening = listen(steering);
    setMade({ steering, listening });
    return () => {
      listening.end();
      steering.end();
      setMade(undefined);
    };
  }, [clock]);
  useLayoutEffect(() => made?.listening.allow(enabled), [made, enabled]);
  useLayoutEffect(() => made?.listening.claim(holds), [made, holds]);
  useEffect(() => made?.listening.heedLetters(letters), [made, letters]);

  const sourceOf = useCallback(() => {
    const state = made?.steering.state();
    return state?.state === "driving" ? state.source : undefined;
  }, [made]);
  const source = useSyncExternalStore(made?.steering.subscribe ?? never, sourceOf);
  const joystick = made && <Steer {...made} letters={letters} setLetters={setLetters} />;
  return { joystick, source };
}

type SteerProps = {
  readonly steering: Steering;
  readonly listening: Listening;
  readonly letters: boolean;
  readonly setLetters: (letters: boolean) => void;
};

/** The joystick, and what else one may steer with. */
function Steer({ steering, listening, letters, setLetters }: SteerProps) {
  const id = useId();
  return (
    <section className="steer" aria-labelledby={id}>
      <h2 id={id} className="hidden">
        Steer
      </h2>
      <Joystick steering={steering} wake={listening.wake} />
      <p className="small quiet">The arrow keys drive too, slowly with Shift. A gamepad shows here once you press one of its buttons.</p>
      <Button size="small" aria-pressed={letters} onClick={() => setLetters(!letters)}>
        W A S D drive too
      </Button>
    </section>
  );
}
