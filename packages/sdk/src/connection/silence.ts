import type { ToBroker } from "@tether/protocol/frame";
import type { Clock } from "../clock.ts";

/** What is asked with these has an answer: of the broker, or of the peer whom it is passed on to. */
const asking: ReadonlySet<ToBroker["type"]> = new Set<ToBroker["type"]>([
  "signal",
  "auth.renew",
  "control.request",
  "control.take",
  "control.renew",
  "stop",
]);

/** How long anything at all must be heard after something was asked, in ms. */
export const answerMs = 5_000;

/** Notices a socket on which something was asked and nothing came since, whatever it says of itself. */
export type Silence = { sent(frame: ToBroker): void; heard(): void };

/** `doubted` is told once, until something was heard again. E10 */
export function watchSilence(clock: Clock, doubted: () => void): Silence {
  let cancel: (() => void) | undefined;
  return {
    sent({ type }) {
      if (asking.has(type)) cancel ??= clock.after(answerMs, doubted);
    },
    heard() {
      cancel?.();
      cancel = undefined;
    },
  };
}
