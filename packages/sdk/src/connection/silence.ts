import type { ToBroker } from "@tether/protocol/frame";
import type { Clock } from "../clock.ts";

/** Frames that are answered, by the broker or by the peer to whom they are passed on. */
export const asking: ReadonlySet<ToBroker["type"]> = new Set<ToBroker["type"]>([
  "signal",
  "auth.renew",
  "control.request",
  "control.take",
  "control.renew",
  "stop",
]);

/** The time in ms within which anything at all must be heard after such a frame was sent. */
export const answerMs = 5_000;

/** Notices a socket on which something was asked and nothing came since, whatever it says of itself. */
export type Silence = {
  sent(frame: ToBroker): void;
  heard(): void;
  /** The time since the last frame in either direction, in ms. */
  silentMs(): number;
  end(): void;
};

/** `doubted` is told once, until something was heard again. E10 */
export function watchSilence(clock: Clock, doubted: () => void): Silence {
  let cancel: (() => void) | undefined;
  let lastAt = clock.now();
  function end(): void {
    cancel?.();
    cancel = undefined;
  }
  return {
    sent({ type }) {
      lastAt = clock.now();
      if (asking.has(type)) cancel ??= clock.after(answerMs, doubted);
    },
    heard() {
      lastAt = clock.now();
      end();
    },
    silentMs: () => clock.now() - lastAt,
    end,
  };
}
