/** The stages that the driver declared for the end of valid control, each with its deadline in ms. */
export type Stages = { readonly slow?: number | undefined; readonly stop?: number | undefined; readonly safe?: number | undefined };

/** A step towards a driver that has ended: a message that it answers, the end of its input, or a signal. `withinMs`: the time it is given. */
export type Step = { readonly does: "slow" | "stop" | "safe" | "end" | "SIGTERM" | "SIGKILL"; readonly withinMs: number };

/** How a step went, and how long it was waited for, in ms. */
export type Passed = { readonly does: Step["does"]; readonly became: "done" | "late" | "failed"; readonly tookMs: number };

type Env = {
  readonly clock: { now(): number; after(ms: number, run: () => void): () => void };
  readonly take: (does: Step["does"]) => void;
};

/** Takes steps one after the other: the next begins when the driver has done what the previous one asked for, or when that one's time is over. */
export function createLadder({ clock, take }: Env) {
  let rest: readonly Step[] = [];
  let current: Step | undefined;
  let passed: readonly Passed[] = [];
  let beganAt = clock.now();
  let cancel = () => {};

  function next(): void {
    cancel();
    [current, ...rest] = rest;
    if (!current) return;
    beganAt = clock.now();
    cancel = clock.after(current.withinMs, () => proceed("late"));
    take(current.does);
  }

  function proceed(became: Passed["became"]): void {
    if (current) passed = [...passed, { does: current.does, became, tookMs: clock.now() - beganAt }];
    next();
  }

  return {
    /** Begins these steps in place of those that are left. */
    begin(steps: readonly Step[]): void {
      rest = steps;
      passed = [];
      next();
    },
    /** Lets the current step go on as it is, and takes these after it. */
    goOnWith(steps: readonly Step[]): void {
      rest = steps;
    },
    proceed,
    end(): void {
      rest = [];
      next();
    },
    /** The stages that are over. */
    get passed(): readonly Passed[] {
      return passed;
    },
    get current(): Step["does"] | undefined {
      return current?.does;
    },
  };
}
