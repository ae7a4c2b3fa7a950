import type { Clock } from "@tether/sdk/clock";
import { drive, type Work } from "@tether/sdk/machine/drive";
import type { GamepadLike } from "./gamepad.ts";
import { type Intent, rest } from "./input.ts";
import { type Event, type Happening, initial, next, type State, tickMs } from "./machine.ts";

export type Steering = {
  state(): State;
  tell(happening: Happening): void;
  /** Calls `changed` after every change, until what it returns is called. */
  subscribe(changed: () => void): () => void;
  /** Releases what is held; nothing is heard or done afterwards. */
  end(): void;
};

type Env = {
  readonly clock: Clock;
  /** The gamepad as it is now. */
  readonly gamepad: () => GamepadLike | undefined;
  /** Sends an intent; false where the robot obeys nothing just now: whatever is held must be let go and pressed anew. */
  readonly send: (intent: Intent) => boolean;
  /** The held input was released, and zero was sent. */
  readonly released: () => void;
};

/** Turns what is pressed into intents: 20 a second while something drives, one of zero at its release, and none afterwards. */
export function createSteering({ clock, gamepad, send, released }: Env): Steering {
  const listeners = new Set<() => void>();

  /** The steering has a timer at a time, which arms itself anew: a page that stood still has nothing to catch up on. */
  const ticking = (key: string): Work<Event> => ({
    key,
    begin(tell) {
      let cancel = () => {};
      const arm = () => {
        cancel = clock.after(tickMs, () => {
          arm();
          tell({ type: "ticked", gamepad: gamepad(), at: clock.now() });
        });
      };
      arm();
      return () => cancel();
    },
  });

  const steered = drive<State, Event>({
    initial,
    next,
    // A gamepad has to be asked; all else tells by itself.
    worksOf: ({ state, hands }) => (state === "driving" || (state === "ready" && hands.gamepad) ? [ticking(state)] : []),
    changed(state, before, event) {
      const [is, was] = [state.state === "driving", before.state === "driving"];
      if (state.state === "driving" && (!was || event.type === "ticked") && !send(state.intent)) tell({ type: "refused" });
      if (was && !is) {
        send(rest);
        released();
      }
      for (const changed of [...listeners]) changed();
    },
  });

  const tell = (happening: Happening) => steered.tell({ ...happening, at: clock.now() });

  return {
    state: steered.state,
    tell,
    subscribe(changed) {
      listeners.add(changed);
      return () => void listeners.delete(changed);
    },
    end() {
      tell({ type: "closed" });
      steered.end();
      listeners.clear();
    },
  };
}
