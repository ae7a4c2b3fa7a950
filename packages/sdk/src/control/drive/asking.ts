import type { Clock } from "../../clock.ts";

/** How long the broker's first word on a request is waited for, and how long after `answerBy` it is asked again, in ms. */
const patience = { firstMs: 5_000, afterMs: 500 } as const;

export type Asking = {
  /** Asks until there is an answer: a frame may be lost, and the broker says no by itself only when it is asked again. */
  begin(): void;
  /** The holder has so long to answer. */
  wait(ms: number): void;
  end(): void;
  again(): void;
  readonly asking: boolean;
};

/** A request for control, repeated until it is answered: sent again, the broker asks the holder no second time. */
export function createAsking(clock: Clock, send: () => void): Asking {
  let cancel: (() => void) | undefined;

  function arm(ms: number): void {
    cancel?.();
    cancel = clock.after(ms, ask);
  }

  function ask(): void {
    arm(patience.firstMs);
    send();
  }

  return {
    begin: ask,
    wait: (ms) => cancel && arm(Math.max(0, ms) + patience.afterMs),
    end() {
      cancel?.();
      cancel = undefined;
    },
    again: () => cancel && ask(),
    get asking() {
      return cancel !== undefined;
    },
  };
}
