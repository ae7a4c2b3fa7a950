import type { Clock } from "@tether/sdk/clock";

/** Whether the picture that is seen is one of now. */
export type Freshness = "none" | "live" | "frozen";

/** Without a new picture for so long, in ms, what is seen is old. */
export const frozenMs = 1_000;

export type FrameWatch = {
  /** A new picture is shown. */
  shown(): void;
  /** Nobody looks, so nothing is shown: until someone does, that says nothing of the picture. */
  hidden(): void;
  looking(): void;
  /** There is no picture any more. */
  gone(): void;
};

/** Notices when pictures stop coming. `since` is when the last one came, by the clock's time in ms. */
export function watchFrames(clock: Clock, changed: (freshness: Freshness, since: number) => void): FrameWatch {
  let freshness: Freshness = "none";
  let cancel = () => {};

  function become(next: Freshness, since: number): void {
    if (next === freshness) return;
    freshness = next;
    changed(next, since);
  }

  function arm(): void {
    const at = clock.now();
    cancel();
    cancel = clock.after(frozenMs, () => become("frozen", at));
  }

  return {
    shown() {
      arm();
      become("live", clock.now());
    },
    hidden: () => cancel(),
    looking() {
      if (freshness === "live") arm();
    },
    gone() {
      cancel();
      become("none", clock.now());
    },
  };
}
