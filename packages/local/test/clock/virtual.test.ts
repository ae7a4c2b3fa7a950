import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createVirtualClock } from "../../src/clock/virtual.ts";

const idle = async () => {};

describe("a virtual clock", () => {
  it("stands still until it is moved", async () => {
    const clock = createVirtualClock({ startAt: 100, idle });
    let ran = false;
    clock.after(0, () => {
      ran = true;
    });
    expect([clock.now(), ran]).toEqual([100, false]);
    await clock.advance(0);
    expect([clock.now(), ran]).toEqual([100, true]);
  });

  it("runs what is due in order of time, and at one instant in the order it was asked for", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(50), { maxLength: 30 }), fc.nat(50), async (delays, ms) => {
        const clock = createVirtualClock({ startAt: 0, idle });
        const ran: { at: number; order: number }[] = [];
        delays.forEach((delay, order) => void clock.after(delay, () => ran.push({ at: clock.now(), order })));
        await clock.advance(ms);
        const due = delays.map((at, order) => ({ at, order })).filter(({ at }) => at <= ms);
        expect(ran).toEqual(due.sort((a, b) => a.at - b.at || a.order - b.order));
        expect(clock.now()).toBe(ms);
      }),
    );
  });

  it("tells whole milliseconds, a fraction rounded up, as no real timer fires early", async () => {
    const clock = createVirtualClock({ startAt: 0, idle });
    const ran: number[] = [];
    clock.after(10.2, () => ran.push(clock.now()));
    await clock.advance(20);
    expect(ran).toEqual([11]);
  });

  it("runs timers that timers set, at their own time", async () => {
    const clock = createVirtualClock({ startAt: 0, idle });
    const ran: number[] = [];
    const again = () => {
      ran.push(clock.now());
      clock.after(10, again);
    };
    clock.after(10, again);
    await clock.advance(35);
    expect([ran, clock.now()]).toEqual([[10, 20, 30], 35]);
  });

  it("does not run what was cancelled, even by a timer of the same instant", async () => {
    const clock = createVirtualClock({ startAt: 0, idle });
    const ran: string[] = [];
    const cancels: (() => void)[] = [];
    clock.after(5, () => {
      ran.push("first");
      for (const cancel of cancels) cancel();
    });
    cancels.push(clock.after(5, () => ran.push("second")));
    await clock.advance(10);
    expect(ran).toEqual(["first"]);
  });

  it("waits for idle before the first instant, between instants and after the last", async () => {
    const said: string[] = [];
    const clock = createVirtualClock({ startAt: 0, idle: async () => void said.push(`idle at ${clock.now()}`) });
    for (const ms of [5, 5, 9]) clock.after(ms, () => said.push(`timer at ${clock.now()}`));
    await clock.advance(20);
    expect(said).toEqual(["idle at 0", "timer at 5", "timer at 5", "idle at 5", "timer at 9", "idle at 9"]);
  });

  it("runs a timer that came of idle work although it was not there before", async () => {
    let begun = false;
    let ran = false;
    const clock = createVirtualClock({
      startAt: 0,
      async idle() {
        if (begun) return;
        begun = true;
        clock.after(3, () => {
          ran = true;
        });
      },
    });
    await clock.advance(3);
    expect(ran).toBe(true);
  });

  it("goes to an instant, never back, and in one advance at a time", async () => {
    const clock = createVirtualClock({ startAt: 100, idle });
    await clock.advanceTo(150);
    expect(clock.now()).toBe(150);
    await expect(clock.advanceTo(149)).rejects.toThrow("Time cannot go from 150 to 149.");
    await expect(clock.advance(Number.NaN)).rejects.toThrow(RangeError);
    const first = clock.advance(1);
    await expect(clock.advance(1)).rejects.toThrow("being moved already");
    await first;
    expect(clock.now()).toBe(151);
  });

  it("fails with idle's own words, at the instant it happened, and can go on", async () => {
    let hang = true;
    const clock = createVirtualClock({ startAt: 0, idle: async () => (hang ? Promise.reject(new Error("handler hangs")) : undefined) });
    await expect(clock.advance(5)).rejects.toThrow("handler hangs");
    expect(clock.now()).toBe(0);
    hang = false;
    await clock.advance(5);
    expect(clock.now()).toBe(5);
  });

  it("names a timer that keeps setting itself again with no delay", async () => {
    const clock = createVirtualClock({ startAt: 7, idle });
    const again = () => void clock.after(0, again);
    again();
    await expect(clock.advance(1)).rejects.toThrow("Time stands still at 7");
  });
});
