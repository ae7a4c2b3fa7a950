import type { Clock } from "./clock.ts";
import type { Quiet } from "./quiet.ts";
import { nextTurn } from "./real.ts";
import { createTimers } from "./timers.ts";

/**
 * The time that requests to the cloud take. Where the clock is virtual it stands still while a request is out, so this time goes on
 * within the instant: it moves when nothing but a wait is left of all that is under way, from one wait's end to the next. Who
 * waits less is first, whatever the machine's load, and nobody waits for real time.
 */
export interface RequestTime {
  /** Never behind the clock. */
  now(): number;
  wait(ms: number): Promise<void>;
  /** The effects show this much later, and the world is not at rest before. Nobody waits for them. */
  settle(ms: number): void;
  /** Something is under way that this process does not see the inside of, until what is returned is called. */
  begin(): () => void;
}

type Clocks = { readonly clock: Clock; readonly realClock: Clock; readonly quiet: Quiet | undefined; readonly turned: boolean };

export function requestTimeOf({ clock, realClock, quiet, turned }: Clocks): RequestTime {
  if (turned) return turnedRequestTime(clock);
  return clock === realClock ? realRequestTime(clock) : virtualRequestTime({ clock, quiet, turn: nextTurn });
}

/** Where the clock is real, requests take real time. */
export function realRequestTime(clock: Clock): RequestTime {
  return {
    now: clock.now,
    wait: (ms) => (ms > 0 ? new Promise((resolve) => void clock.after(ms, resolve)) : Promise.resolve()),
    settle() {},
    begin: () => () => {},
  };
}

/** Where each request waits for its turn, none is at the store with another: a wait is over at once, and its time has passed. */
function turnedRequestTime(clock: Pick<Clock, "now">): RequestTime {
  let passed = 0;
  return {
    now: () => clock.now() + passed,
    async wait(ms) {
      passed += ms;
    },
    settle() {},
    begin: () => () => {},
  };
}

/** So many turns of the event loop must pass without any change: all that can happen without a wait's end has happened then. */
const calmTurns = 8;

/** Work on other threads passes turns without a change. */
const elsewhere = /^(subtle|connect)/;

export function virtualRequestTime(env: { clock: Pick<Clock, "now">; quiet?: Quiet | undefined; turn: () => Promise<void> }): RequestTime {
  const { clock, quiet } = env;
  const timers = createTimers();
  const waiting = new Set<() => void>();
  let underWay = 0;
  let began = 0;
  let passed = 0;
  let isRunning = false;

  const now = () => clock.now() + passed;
  const changes = () => began + (quiet?.changes() ?? 0);
  const isElsewhere = () => quiet?.open().some((label) => elsewhere.test(label)) ?? false;

  async function calm(): Promise<void> {
    for (let turns = 0; turns < calmTurns; turns++) {
      const before = changes();
      if (underWay > 0) await new Promise<void>((resolve) => void waiting.add(resolve));
      else await env.turn();
      if (changes() !== before || underWay > 0 || (turns === calmTurns - 1 && isElsewhere())) turns = -1;
    }
  }

  async function run(): Promise<void> {
    isRunning = true;
    while (timers.nextAt() < Number.POSITIVE_INFINITY) {
      await calm();
      passed += Math.max(0, timers.nextAt() - now());
      for (const timer of timers.due(now())) timer.run();
    }
    isRunning = false;
  }

  function after(ms: number, done: () => void): void {
    const end = quiet?.begin("a request's time");
    began++;
    // Whole milliseconds, as every clock tells them: what ends in the same one goes on together.
    timers.set(Math.ceil(now() + ms), () => {
      end?.();
      done();
    });
    if (!isRunning) void run();
  }

  return {
    now,
    wait: (ms) => (ms > 0 ? new Promise((resolve) => after(ms, resolve)) : Promise.resolve()),
    settle: (ms) => after(ms, () => {}),
    begin() {
      began++;
      underWay++;
      return () => {
        began++;
        underWay--;
        if (underWay > 0) return;
        for (const wake of waiting) wake();
        waiting.clear();
      };
    },
  };
}
