import { describe, expect, it } from "vitest";
import type { Clock } from "../../src/clock/clock.ts";
import { createQuiet } from "../../src/clock/quiet.ts";
import { nextTurn, realClock } from "../../src/clock/real.ts";
import { createVirtualClock } from "../../src/clock/virtual.ts";

/** Whether a promise has settled after so many turns of the event loop. */
async function settled(promise: Promise<unknown>): Promise<boolean> {
  let done = false;
  promise.then(
    () => {
      done = true;
    },
    () => {
      done = true;
    },
  );
  for (let turn = 0; turn < 20; turn++) await nextTurn();
  return done;
}

const quietOn = (clock: Clock) => createQuiet({ clock, turn: nextTurn });

describe("idle", () => {
  it("resolves when nothing was begun", async () => {
    expect(await settled(quietOn(realClock).idle())).toBe(true);
  });

  it("waits until the last of several has ended", async () => {
    const quiet = quietOn(realClock);
    const ends = [quiet.begin("a"), quiet.begin("b")];
    const idle = quiet.idle();
    for (const end of ends) {
      expect(await settled(idle)).toBe(false);
      end();
    }
    expect(await settled(idle)).toBe(true);
  });

  it("counts an end that is called twice once", async () => {
    const quiet = quietOn(realClock);
    const first = quiet.begin("a");
    quiet.begin("a");
    first();
    first();
    expect(quiet.open()).toEqual(["a"]);
  });

  it("waits for what begins just after something else has ended", async () => {
    const quiet = quietOn(realClock);
    const end = quiet.begin("request");
    const idle = quiet.idle();
    end();
    await nextTurn();
    const next = quiet.begin("what came of it");
    expect(await settled(idle)).toBe(false);
    next();
    expect(await settled(idle)).toBe(true);
  });

  it("ends a tracked promise that fails, and hands the failure on", async () => {
    const quiet = quietOn(realClock);
    await expect(quiet.track("work", Promise.reject(new Error("boom")))).rejects.toThrow("boom");
    expect(quiet.open()).toEqual([]);
  });

  it("does not wait for what is ignored, as long as it is", async () => {
    const quiet = quietOn(realClock);
    quiet.begin("handler $default of abc");
    const waitAgain = quiet.ignore(/handler/);
    expect(await settled(quiet.idle())).toBe(true);
    waitAgain();
    expect(quiet.open()).toEqual(["handler $default of abc"]);
  });

  it("says after its limit what is still open", async () => {
    const time = createVirtualClock({ startAt: 0, idle: async () => {} });
    const quiet = createQuiet({ clock: time, turn: nextTurn, limitMs: 10_000 });
    quiet.begin("handler $default of abc");
    quiet.begin("GET /v1/robots");
    quiet.begin("GET /v1/robots");
    const idle = quiet.idle();
    idle.catch(() => {});
    await time.advance(9_999);
    expect(await settled(idle)).toBe(false);
    await time.advance(1);
    await expect(idle).rejects.toThrow("Not quiet after 10000 ms. Still open: handler $default of abc; GET /v1/robots (2 times).");
  });

  it("says after its limit that something new kept starting", async () => {
    const time = createVirtualClock({ startAt: 0, idle: async () => {} });
    let late = false;
    const quiet = createQuiet({
      clock: time,
      async turn() {
        await nextTurn();
        if (!late) quiet.begin("blink")();
      },
      limitMs: 10_000,
    });
    const idle = quiet.idle();
    idle.catch(() => {});
    await time.advance(10_000);
    await expect(idle).rejects.toThrow("nothing, but something new kept starting");
    late = true;
    expect(await settled(quiet.idle())).toBe(true);
  });
});
