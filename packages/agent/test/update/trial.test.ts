import { createVirtualClock } from "@tether/local/clock/virtual";
import { describe, expect, test } from "vitest";
import { exits } from "../../src/exit.ts";
import { trialMs, tryVersion } from "../../src/update/trial.ts";

/** A new version that is the test itself. */
function start() {
  const clock = createVirtualClock({ startAt: 0, idle: async () => {} });
  const signals: string[] = [];
  const stopped = new AbortController();
  const { promise: ended, resolve: end } = Promise.withResolvers<number>();
  let isOnline = false;
  const outcome = tryVersion({
    clock,
    start: () => ({ ended, signal: (name) => void signals.push(name) }),
    isProved: async () => isOnline,
    stopped: stopped.signal,
  });
  return {
    clock,
    signals,
    end,
    outcome,
    stop: () => stopped.abort(),
    comesOnline: () => {
      isOnline = true;
    },
  };
}

describe("a version that has not been online on this robot", () => {
  test("has a minute to come online, to the millisecond, and is killed where it does not end then", async () => {
    const { clock, signals, end, outcome } = start();
    await clock.advance(trialMs.online - 1);
    expect(signals).toEqual([]);
    await clock.advance(1);
    expect(signals).toEqual(["SIGTERM"]);
    await clock.advance(trialMs.end);
    expect(signals).toEqual(["SIGTERM", "SIGKILL"]);
    end(137);
    expect(await outcome).toBe("failed");
  });

  test("goes on for good once it was online, and its end is its own", async () => {
    const { clock, signals, end, outcome, comesOnline } = start();
    await clock.advance(trialMs.online - trialMs.look - 1);
    comesOnline();
    await clock.advance(10 * trialMs.online);
    expect(signals).toEqual([]);
    end(exits.failed.code);
    expect(await outcome).toBe(exits.failed.code);
  });

  test.each([exits.done.code, exits.failed.code, exits.usage.code, exits.unsafe.code, exits.refused.code, 127])(
    "failed if it ends by itself before, with %i",
    async (code) => {
      const { end, outcome } = start();
      end(code);
      expect(await outcome).toBe("failed");
    },
  );

  test.each([exits.running.code, exits.updating.code])("is not judged by an end that says nothing about it (%i)", async (code) => {
    const { end, outcome } = start();
    end(code);
    expect(await outcome).toBe(code);
  });

  test("is not judged when the robot is asked to end, which is passed on to it", async () => {
    const { clock, signals, end, outcome, stop } = start();
    await clock.advance(1_000);
    stop();
    expect(signals).toEqual(["SIGTERM"]);
    await clock.advance(trialMs.end - 1);
    end(exits.done.code);
    expect(await outcome).toBe(exits.done.code);
    await clock.advance(2 * trialMs.online);
    expect(signals).toEqual(["SIGTERM"]);
  });
});
