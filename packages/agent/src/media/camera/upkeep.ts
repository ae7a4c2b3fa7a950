import type { Clock } from "@tether/sdk/clock";

/** `off`: nobody wants it. `failed`: its program ended or sends nothing; it is started again. */
export type SourceState = { readonly state: "off" | "starting" | "live" } | { readonly state: "failed"; readonly says: string };

/** A program that nobody wants is kept running for this time, in ms: whoever comes back has it at once. */
const lingerMs = 30_000;
/** A program that sent nothing for this time, in ms, is ended and started again; at its start it has longer. */
const silentMs = { first: 15_000, later: 3_000 } as const;
/** Waits before a start after a failure, in ms: doubled with each that failed before it lived for `longest`. */
const restartMs = { first: 250, longest: 10_000 } as const;

type Env<Run> = {
  readonly clock: Clock;
  /** Starts the program; `ended` is heard of the one that runs alone. */
  readonly launch: (ended: (says: string) => void) => Run;
  readonly onState: (state: SourceState) => void;
  /** Nothing comes of it while it is well, as of a speaker's. Default: it is to send something all the time. */
  readonly mayBeSilent?: boolean;
};

/** Keeps a program running while somebody wants it, and starts it again when it ends. */
export function createUpkeep<Run extends { end(): Promise<void> }>({ clock, launch, onState, mayBeSilent = false }: Env<Run>) {
  const wanting = new Set<symbol>();
  let state: SourceState = { state: "off" };
  let run: Run | undefined;
  let startedAt = 0;
  let failures = 0;
  let cancelStart = () => {};
  let cancelLinger = () => {};
  let cancelWatch = () => {};

  function become(next: SourceState): void {
    if (next.state === state.state && !("says" in next)) return;
    state = next;
    onState(next);
  }

  function start(): void {
    if (run) return;
    cancelStart();
    startedAt = clock.now();
    if (state.state !== "failed") become({ state: "starting" });
    const started: Run = launch((says) => run === started && fail(says));
    run = started;
    expectMore(silentMs.first);
  }

  function expectMore(ms: number): void {
    cancelWatch();
    if (mayBeSilent) return;
    cancelWatch = clock.after(ms, () => fail(`It sent nothing for ${ms / 1_000} s.`));
  }

  async function end(): Promise<void> {
    cancelWatch();
    cancelStart();
    const ended = run;
    run = undefined;
    await ended?.end();
  }

  function fail(says: string): void {
    const lived = clock.now() - startedAt;
    failures = lived >= restartMs.longest ? 0 : failures + 1;
    void end();
    become({ state: "failed", says });
    cancelStart = clock.after(Math.min(restartMs.longest, restartMs.first * 2 ** Math.max(0, failures - 1)), start);
  }

  return {
    get state() {
      return state;
    },
    get run() {
      return run;
    },
    /** Something came of it, and more is to come. */
    lives() {
      expectMore(silentMs.later);
      become({ state: "live" });
    },
    /** Wants it until the returned function is called. */
    want(): () => void {
      const one = Symbol();
      wanting.add(one);
      cancelLinger();
      start();
      return () => {
        if (!wanting.delete(one) || wanting.size > 0) return;
        cancelLinger();
        cancelLinger = clock.after(lingerMs, () => {
          void end();
          become({ state: "off" });
        });
      };
    },
    /** Resolves when its program is gone. */
    async close(): Promise<void> {
      wanting.clear();
      cancelLinger();
      const ended = end();
      become({ state: "off" });
      await ended;
    },
  };
}
