import type { Clock } from "@tether/sdk/clock";

/** Whether the picture on the page is of now. */
export type Freshness = "none" | "live" | "frozen";

/** Without a new picture for so long, in ms, what is seen is old. */
export const frozenMs = 1_000;

export type FrameWatch = {
  /** A new picture is shown. */
  frame(): void;
  /** The page is hidden, and a hidden page gets no pictures: their absence means nothing until it is seen again. */
  hidden(): void;
  looking(): void;
  /** The browser shows no new ones: what is seen is the last one. */
  halted(): void;
  /** The picture is gone. */
  gone(): void;
};

/** Notices when pictures stop coming. `since` is when the last one came, by the clock's time in ms. */
export function watchFrames(clock: Clock, changed: (freshness: Freshness, since: number) => void): FrameWatch {
  let freshness: Freshness = "none";
  let cancel = () => {};
  let lastAt = 0;

  function become(next: Freshness, since: number): void {
    if (next === freshness) return;
    freshness = next;
    changed(next, since);
  }

  function arm(): void {
    cancel();
    const leftMs = lastAt + frozenMs - clock.now();
    if (leftMs > 0) cancel = clock.after(leftMs, () => become("frozen", lastAt));
    else become("frozen", lastAt);
  }

  return {
    frame() {
      lastAt = clock.now();
      arm();
      become("live", lastAt);
    },
    hidden: () => cancel(),
    looking() {
      if (freshness === "live") arm();
    },
    halted() {
      cancel();
      if (freshness === "live") become("frozen", lastAt);
    },
    gone() {
      cancel();
      become("none", clock.now());
    },
  };
}
