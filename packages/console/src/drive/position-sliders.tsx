import type { Axis } from "@tether/sdk/client";
import { useEffect, useEffectEvent, useId, useLayoutEffect, useState } from "react";
import { useNow } from "../format/use-now.ts";
import { useServices } from "../services.ts";
import { titleOf } from "./axes.ts";
import { type Intent, rest } from "./input/input.ts";
import { onLostRelease } from "./input/lost-release.ts";
import { tickMs } from "./input/machine.ts";
import { isByPosition, type SetPoints } from "./set-points.ts";

/** A change that no pointer makes, as by a screen reader, counts as held for so long, in ms. */
const nudgeMs = 1_000;
/** The steps of a slider. */
const steps = 200;

type Props = {
  readonly axes: readonly Axis[];
  readonly points: SetPoints;
  readonly canDrive: boolean;
  /** Keys, a joystick or a gamepad drive: the positions travel in their commands. */
  readonly isDriving: boolean;
  readonly send: (intent: Intent) => boolean;
};

/** A slider for each axis that is told where to go. The axis goes there while its slider is held, and the dead-man stops it once it is let go. */
export function PositionSliders({ axes, points, canDrive, isDriving, send }: Props) {
  const { clock } = useServices().platform;
  const [held, setHeld] = useState(0);
  useNow(250);

  const letGo = useEffectEvent(() => {
    if (!points.isHeld) return;
    points.releaseAll();
    setHeld(0);
  });
  const onSend = useEffectEvent(() => {
    // A slow page may tick once more before it heeds that the slider was let go.
    if (points.isHeld && !send(rest)) letGo();
  });

  const isHeld = held > 0;
  useLayoutEffect(() => {
    if (!canDrive) letGo();
  }, [canDrive]);
  useEffect(() => {
    if (!isHeld || isDriving) return undefined;
    let cancel = () => {};
    const tick = () => {
      cancel = clock.after(tickMs, tick);
      onSend();
    };
    tick();
    return () => cancel();
  }, [isHeld, isDriving, clock]);
  useEffect(() => {
    const over = new AbortController();
    const { signal } = over;
    for (const name of ["pointerup", "pointercancel"]) window.addEventListener(name, letGo, { signal });
    onLostRelease(letGo, signal);
    window.addEventListener("pointermove", ({ buttons }) => (buttons & 1) === 0 && letGo(), { signal });
    return () => {
      over.abort();
      letGo();
    };
  }, []);

  const hold = (axis: Axis) => {
    points.hold(axis.name);
    setHeld((count) => count + 1);
  };
  return axes.filter(isByPosition).map((axis) => (
    <PositionSlider
      key={axis.name}
      axis={axis}
      position={points.shown(axis)}
      canDrive={canDrive}
      hold={() => hold(axis)}
      become={(position) => {
        if (!points.isHeld) {
          hold(axis);
          clock.after(nudgeMs, letGo);
        }
        points.set(axis.name, position);
      }}
    />
  ));
}

type SliderProps = {
  readonly axis: Axis;
  readonly position: number;
  readonly canDrive: boolean;
  readonly hold: () => void;
  readonly become: (position: number) => void;
};

function PositionSlider({ axis, position, canDrive, hold, become }: SliderProps) {
  const id = useId();
  const words = `${Number(position.toFixed(2))} ${axis.unit}`;
  return (
    <div className="field speed">
      <label htmlFor={id}>{titleOf(axis)}</label>
      <input
        id={id}
        type="range"
        min={axis.least}
        max={axis.most}
        step={(axis.most - axis.least) / steps || "any"}
        value={position}
        disabled={!canDrive}
        aria-valuetext={words}
        onPointerDown={({ button }) => button === 0 && hold()}
        onChange={({ target }) => become(Number(target.value))}
      />
      <p className="small number quiet">{words}</p>
    </div>
  );
}
