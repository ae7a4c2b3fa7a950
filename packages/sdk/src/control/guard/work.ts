import type { Clock } from "../../clock.ts";
import type { Work } from "../../machine/drive.ts";
import type { Event, Happening } from "./event.ts";

/** How soon a driver that could not stop is told again, in ms. R10 */
const againMs = 100;

type Env = { readonly clock: Clock; readonly stamp: (happening: Happening) => Event };

/** The driver's stop, until it is carried out. */
export function carryOut({ clock, stamp }: Env, turn: number, stop: () => void | Promise<void>, failed: () => void): Work<Event> {
  return {
    key: `stop:${turn}`,
    begin(emit) {
      let cancel = () => {};
      const attempt = async () => {
        try {
          await stop();
          emit(stamp({ type: "carried", turn }));
        } catch {
          failed();
          cancel = clock.after(againMs, () => void attempt());
        }
      };
      void attempt();
      return () => cancel();
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
