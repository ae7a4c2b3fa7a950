import { useEffect, useId, useState } from "react";
import { Button } from "../../component/button.tsx";
import { useServices } from "../../services.ts";
import type { GamepadLike } from "./gamepad.ts";
import { tickMs } from "./machine.ts";
import type { Mapping } from "./mapping.ts";
import { type Ask, begin, canSkip, next, type State, skip } from "./mapping-machine.ts";
import type { Plugged } from "./use-gamepad.ts";

const questions: Readonly<Record<Ask, string>> = {
  ahead: "Push the stick that is to drive fully ahead.",
  left: "Push it fully to the left.",
  hold: "Press the button that you will hold to drive.",
  stop: "Press the button that is to stop the robot.",
  secondAhead: "Push the second stick fully ahead.",
  secondLeft: "Push the second stick fully to the left.",
};

/** The functions of the gamepad's buttons. A gamepad that the browser does not know is mapped by pressing what is asked for. */
export function GamepadPanel({ found, map, axes }: Plugged & { readonly axes: number }) {
  const [isMapping, setMapping] = useState(false);
  const id = useId();
  if (found.state === "none") return null;
  const { gamepad } = found;
  const done = (mapping: Mapping | undefined) => {
    setMapping(false);
    if (mapping) map(gamepad.id, mapping);
  };
  return (
    <section className="gamepad stack small" data-gap="tight" aria-labelledby={id}>
      <h2 id={id}>Gamepad</h2>
      {isMapping ? (
        <Asking gamepad={gamepad} axes={axes} done={done} />
      ) : (
        <>
          <p>{wordsOf(found)}</p>
          <div className="row">
            <Button size="small" onClick={() => setMapping(true)}>
              {found.state === "unknown" ? "Map its buttons" : "Map anew"}
            </Button>
            {found.state === "known" && found.mapping !== "standard" && (
              <Button size="small" onClick={() => map(gamepad.id, undefined)}>
                Forget the mapping
              </Button>
            )}
          </div>
        </>
      )}
    </section>
  );
}

function wordsOf(found: Exclude<Plugged["found"], { state: "none" }>): string {
  if (found.state === "unknown")
    return `${found.gamepad.id}: this browser does not know where its stick and buttons are, so it neither drives nor stops.`;
  if (found.mapping === "standard")
    return "Hold a shoulder button (LB or RB, L1 or R1) and push the left stick or the cross to drive. B (○) stops the robot.";
  const { hold, stop, second } = found.mapping;
  return `Hold button ${hold + 1} and push ${second ? "a" : "the"} stick to drive. Button ${stop + 1} stops the robot.`;
}

type AskingProps = { gamepad: GamepadLike; axes: number; done: (mapping: Mapping | undefined) => void };

/** Reads the gamepad as it is: nothing drives while its buttons are only being named. */
function Asking({ gamepad: { index }, axes, done }: AskingProps) {
  const { clock } = useServices().platform;
  const [state, setState] = useState<State>();

  useEffect(() => {
    let cancel = () => {};
    const read = () => {
      cancel = clock.after(tickMs, read);
      const raw = navigator.getGamepads()[index];
      if (raw) setState((before) => (before ? next(before, raw) : begin(raw, axes)));
    };
    read();
    return () => cancel();
  }, [clock, index, axes]);

  const isDone = state?.state === "done";
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is done once.
  useEffect(() => {
    if (state?.state === "done") done(state.mapping);
  }, [isDone]);

  if (!state || state.state === "done") return null;
  const ask = state.state === "asking" ? state.ask : state.after;
  return (
    <>
      <p className="number">
        {state.asks.indexOf(ask) + 1} of {state.asks.length}
      </p>
      <p role="status">{state.state === "asking" ? questions[ask] : "Good. Let go."}</p>
      <div className="row">
        {canSkip(ask) && (
          <Button size="small" onClick={() => setState(skip(state))}>
            It has none
          </Button>
        )}
        <Button size="small" onClick={() => done(undefined)}>
          Leave it
        </Button>
      </div>
    </>
  );
}
