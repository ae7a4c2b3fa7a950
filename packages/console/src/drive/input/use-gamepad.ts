import { useCallback, useEffect, useState } from "react";
import { useServices } from "../../services.ts";
import { isStopDown } from "./gamepad.ts";
import { tickMs } from "./machine.ts";
import { type Found, found, keep, load, type Mapping } from "./mapping.ts";

/** The gamepads as they are now, by what is known and was mapped. */
export function look(): Found {
  return found(navigator.getGamepads?.() ?? [], load(localStorage));
}

export type Plugged = {
  /** The gamepad as it was plugged in, out or mapped; its buttons are read anew each time. */
  readonly found: Found;
  map(id: string, mapping: Mapping | undefined): void;
};

/**
 * The gamepad at hand, whose button of that meaning stops the robot, whether or not one drives. A press that the browser shows first,
 * as it shows no gamepad before one was pressed, counts too.
 */
export function useGamepad(stop: () => void): Plugged {
  const { clock } = useServices().platform;
  const [plugged, setPlugged] = useState<Found>(look);

  useEffect(() => {
    const change = () => setPlugged(look());
    for (const name of ["gamepadconnected", "gamepaddisconnected"]) window.addEventListener(name, change);
    change();
    return () => {
      for (const name of ["gamepadconnected", "gamepaddisconnected"]) window.removeEventListener(name, change);
    };
  }, []);

  const isKnown = plugged.state === "known";
  useEffect(() => {
    if (!isKnown) return undefined;
    let wasDown = false;
    let cancel = () => {};
    const read = () => {
      cancel = clock.after(tickMs, read);
      const now = look();
      const isDown = now.state === "known" && isStopDown(now.gamepad);
      if (isDown && !wasDown) stop();
      wasDown = isDown;
    };
    read();
    return () => cancel();
  }, [isKnown, clock, stop]);

  const map = useCallback((id: string, mapping: Mapping | undefined) => {
    keep(localStorage, id, mapping);
    setPlugged(look());
    // The steering looks again at what is plugged in.
    window.dispatchEvent(new Event("gamepadconnected"));
  }, []);
  return { found: plugged, map };
}
