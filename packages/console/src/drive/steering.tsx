import type { ControlPolicy } from "@tether/protocol/control";
import type { Drive } from "@tether/sdk/client";
import { useCallback, useId, useMemo, useState } from "react";
import { GamepadPanel } from "./input/gamepad-panel.tsx";
import type { Intent } from "./input/input.ts";
import type { Plugged } from "./input/use-gamepad.ts";
import { useInputs } from "./input/use-inputs.tsx";
import { commandOf, mostOf, shareFrom, shares, speedWords } from "./speed.ts";

const key = "tether.speed";

type Props = {
  readonly command: Drive["command"] | undefined;
  readonly policy: ControlPolicy | undefined;
  readonly canDrive: boolean;
  readonly holds: boolean;
  readonly plugged: Plugged;
};

/** The steering controls and the speed limit. */
export function Steering({ command, policy, canDrive, holds, plugged }: Props) {
  const [share, setShare] = useState(() => shareFrom(sessionStorage.getItem(key)));
  const most = useMemo(() => mostOf(policy), [policy]);
  const id = useId();
  const send = useCallback(
    (intent: Intent) => {
      if (!command) return false;
      const refused = command(commandOf(intent, share, most));
      return refused === undefined || refused === "busy";
    },
    [command, share, most],
  );
  const released = useCallback(() => {}, []);
  const { joystick } = useInputs({ enabled: canDrive, holds, send, released });
  return (
    <section className="card stack steering" data-gap="tight" aria-label="Steering">
      <div className="stick" data-on={canDrive || undefined}>
        {joystick}
      </div>
      <div className="field speed">
        <label htmlFor={id}>Speed</label>
        <input
          id={id}
          type="range"
          min={shares.least}
          max={shares.most}
          step={shares.step}
          value={share}
          aria-valuetext={speedWords(share, most)}
          onChange={({ target }) => {
            setShare(Number(target.value));
            sessionStorage.setItem(key, target.value);
          }}
        />
        <p className="small number quiet">
          at most {speedWords(share, most)}
          {holds && <span className="with-keys">; Page Up and Page Down change it</span>}
        </p>
      </div>
      <GamepadPanel {...plugged} />
    </section>
  );
}
