import { createVirtualClock } from "@tether/local/clock/virtual";
import type { GamepadLike } from "../../../src/drive/input/gamepad.ts";
import { axesOf, type Intent } from "../../../src/drive/input/input.ts";
import type { Happening } from "../../../src/drive/input/machine.ts";
import { createSteering } from "../../../src/drive/input/steering.ts";

export const w: Happening = { type: "pressed", code: "KeyW", counts: true };
export const wUp: Happening = { type: "lifted", code: "KeyW" };
export const d: Happening = { type: "pressed", code: "KeyD", counts: true };
export const ahead = { x: 0, y: 1 };

/** A steering that is allowed, and what it sent, as `linear angular` and what else is wanted, and when it was released. */
export function rig() {
  const clock = createVirtualClock({ startAt: 0, idle: () => Promise.resolve() });
  let lostMs = 0;
  let gamepad: GamepadLike | undefined;
  const log: string[] = [];
  let isObeyed = true;
  const steering = createSteering({
    clock: { now: () => clock.now() + lostMs, after: clock.after },
    gamepad: () => gamepad,
    send(intent: Intent) {
      log.push(axesOf(intent).join(" "));
      return isObeyed;
    },
    released: () => void log.push("released"),
  });
  const tell = (...happenings: Happening[]) => happenings.forEach(steering.tell);
  tell({ type: "opened" });
  return {
    ...steering,
    advance: clock.advance,
    tell,
    log,
    /** Time goes by in which nothing runs, as when the machine sleeps. */
    lose: (ms: number) => {
      lostMs += ms;
    },
    /** The gamepad is so from now on. */
    become(next: GamepadLike | undefined) {
      if (!gamepad !== !next) tell({ type: "plugged", gamepad: next });
      gamepad = next;
    },
    obey(obeyed: boolean) {
      isObeyed = obeyed;
    },
    /** The log since the last call. */
    heard: () => log.splice(0),
  };
}

export const stopped = ["0 0", "released"];
