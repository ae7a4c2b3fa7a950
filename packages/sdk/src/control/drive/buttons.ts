import type { Press } from "@tether/protocol/declaration";
import { base64url } from "../../base64url.ts";
import type { Clock } from "../../clock.ts";
import type { Random } from "../../random.ts";
import type { Looking } from "./pictures.ts";

/** Commands tell of a press so often, in ms, and for so long at least: any of them may be lost. R37 */
const everyMs = 50;
const leastMs = 300;

type Held = { readonly press: Press; readonly since: number; readonly look: () => Looking; isDown: boolean };

type Env = {
  readonly clock: Clock;
  readonly random: Random;
  /** Sends a command that moves nothing and tells of the press that `next` gives; false where the robot would not obey. */
  readonly send: (looking: Looking) => boolean;
};

/** The buttons that this end holds. */
export type Buttons = {
  /** Calling what it returns lets go of the button. */
  press(button: string, look: () => Looking): () => void;
  /** The press that the next command tells of: of several that are held each in its turn. */
  next(): Press | undefined;
  /** A press that the robot did not obey is over: it must not act once the robot obeys again. */
  clear(): void;
};

export function createButtons({ clock, random, send }: Env): Buttons {
  let held: Held[] = [];
  let sentAt = Number.NEGATIVE_INFINITY;
  let cancel: (() => void) | undefined;

  function clear(): void {
    held = [];
    cancel?.();
    cancel = undefined;
  }

  function tick(): void {
    cancel = undefined;
    const now = clock.now();
    held = held.filter(({ isDown, since }) => isDown || now - since < leastMs);
    const [first] = held;
    if (!first) return;
    // The commands of an end that drives tell of it already.
    const isObeyed = now - sentAt < 2 * everyMs || send(first.look());
    if (isObeyed) cancel = clock.after(everyMs, tick);
    else clear();
  }

  return {
    press(button, look) {
      const press = { button, key: base64url(random.bytes(12)) };
      const one: Held = { press, since: clock.now(), look, isDown: true };
      held.push(one);
      if (!cancel) tick();
      return () => {
        one.isDown = false;
      };
    },
    next() {
      const [first, ...others] = held;
      if (!first) return undefined;
      held = [...others, first];
      sentAt = clock.now();
      return first.press;
    },
    clear,
  };
}
