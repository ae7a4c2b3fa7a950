import type { StopReason } from "@tether/protocol/control";
import type { Clock } from "../../clock.ts";
import type { Work } from "../../machine/drive.ts";
import type { Event, Happening } from "./event.ts";
import { isUrgent, type Manoeuvre, runStages } from "./manoeuvre.ts";

/** How soon a driver that could not stop is told again, in ms. R10 */
const againMs = 100;

type Env = { readonly clock: Clock; readonly stamp: (happening: Happening) => Event };

type Stopping = {
  readonly turn: number;
  readonly reason: StopReason;
  /** The robot's session has ended. */
  readonly ending: boolean;
  readonly manoeuvre: Manoeuvre;
  readonly stop: (reason: StopReason) => void | Promise<void>;
  /** The driver could not stop, and is told again. */
  readonly failed: () => void;
};

/** The work of stopping: the driver's stop with its stages, until it is done. An order and a session's end do not wait for a robot that slows down. */
export function carryOut({ clock, stamp }: Env, { turn, reason, ending, manoeuvre, stop, failed }: Stopping): Work<Event> {
  const isNow = isUrgent(reason, ending);
  return {
    key: manoeuvre.slow && isNow ? `stop:${turn}:now` : `stop:${turn}`,
    begin(emit) {
      let cancel = () => {};
      let isOver = false;
      const stopped = async () => {
        while (!isOver) {
          try {
            return await stop(reason);
          } catch {
            failed();
            await new Promise<void>((resolve) => {
              cancel = clock.after(againMs, resolve);
            });
          }
        }
      };
      const halting = runStages({ clock, stop: stopped, isOver: () => isOver, isUrgent: isNow }, manoeuvre, reason);
      void halting.then((stages) => emit(stamp({ type: "stopDone", turn, stages })));
      return () => {
        isOver = true;
        cancel();
      };
    },
  };
}

/** A timer may fire a little early: it then waits for the rest. */
export function wait({ clock, stamp }: Env, due: number): Work<Event> {
  return {
    key: `due:${due}`,
    begin(emit) {
      let cancel = () => {};
      const arm = () => {
        cancel = clock.after(Math.max(0, due - clock.now()), () => (clock.now() >= due ? emit(stamp({ type: "due" })) : arm()));
      };
      arm();
      return () => cancel();
    },
  };
}
