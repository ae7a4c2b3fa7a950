import type { ControlPolicy } from "@tether/protocol/control";
import type { Declaration, Drive } from "@tether/sdk/client";
import { useCallback, useId, useMemo, useState } from "react";
import { useServices } from "../services.ts";
import { axesCommand, axesWords } from "./axes.ts";
import type { DriveSession } from "./drive-session.ts";
import { GamepadPanel } from "./input/gamepad-panel.tsx";
import type { Intent } from "./input/input.ts";
import type { Press } from "./input/use-button-keys.ts";
import type { Plugged } from "./input/use-gamepad.ts";
import { useInputs } from "./input/use-inputs.tsx";
import { PositionSliders } from "./position-sliders.tsx";
import { RobotButtons } from "./robot-buttons.tsx";
import { createSetPoints, isByPosition } from "./set-points.ts";
import { commandOf, mostOf, shareFrom, shares, speedWords } from "./speed.ts";
import { valueAt } from "./telemetry.ts";

const key = "tether.speed";

type Props = {
  readonly command: Drive["command"] | undefined;
  readonly press: Press | undefined;
  /** The robot's declaration of itself; one that made none is driven ahead and about itself. */
  readonly declaration: Declaration | undefined;
  readonly policy: ControlPolicy | undefined;
  readonly canDrive: boolean;
  readonly holds: boolean;
  readonly plugged: Plugged;
  /** The newest that the robot told of itself. */
  readonly telemetry: DriveSession["telemetry"] | undefined;
};

/** The steering controls and the speed limit. */
export function Steering({ command, press, declaration, policy, canDrive, holds, plugged, telemetry }: Props) {
  const [share, setShare] = useState(() => shareFrom(sessionStorage.getItem(key)));
  const most = useMemo(() => mostOf(policy), [policy]);
  const axes = declaration?.axes;
  const words = axes ? axesWords(axes, share, policy) : speedWords(share, most);
  const id = useId();
  const { clock } = useServices().platform;
  const points = useMemo(() => {
    const measured = (axis: string) => {
      const value = valueAt(telemetry?.()?.value, axis);
      return typeof value === "number" && Number.isFinite(value) ? value : undefined;
    };
    return axes?.some(isByPosition) ? createSetPoints(axes, measured) : undefined;
  }, [axes, telemetry]);
  const send = useCallback(
    (intent: Intent) => {
      if (!command) return false;
      points?.advance(intent, share, clock.now());
      const positions = points?.command();
      const refused = command(axes ? { ...axesCommand(axes, intent, share, policy), ...positions } : commandOf(intent, share, most));
      return refused === undefined || refused === "busy";
    },
    [command, share, most, axes, policy, points, clock],
  );
  const released = useCallback(() => {}, []);
  const { joystick, source } = useInputs({ axes, enabled: canDrive, holds, send, released });
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
          aria-valuetext={words}
          onChange={({ target }) => {
            setShare(Number(target.value));
            sessionStorage.setItem(key, target.value);
          }}
        />
        <p className="small number quiet">
          at most {words}
          {holds && <span className="with-keys">; Page Up and Page Down change it</span>}
        </p>
      </div>
      {axes && points && <PositionSliders axes={axes} points={points} canDrive={canDrive} isDriving={source !== undefined} send={send} />}
      {declaration && declaration.buttons.length > 0 && <RobotButtons buttons={declaration.buttons} press={press} canDrive={canDrive} />}
      <GamepadPanel {...plugged} axes={axes?.length ?? 2} />
    </section>
  );
}
