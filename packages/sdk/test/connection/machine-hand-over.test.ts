import { limits } from "@tether/protocol/limits";
import { describe, expect, test } from "vitest";
import type { Happening } from "../../src/connection/event.ts";
import { problemReason } from "../../src/problem-reason.ts";
import { byeOf, welcome } from "./example.ts";
import { after, greetingSuccessor, handing, idle, minute, online, toOnline } from "./machine-state.ts";

describe("the connection's machine", () => {
  test.each([
    [0, 106 * minute],
    [0.5, 109 * minute],
    [0.999, 111.994 * minute],
  ])("draws the moment of its hand-over from the window: %d [E8]", (drawn, at) => {
    const then = after(after(idle, ...toOnline.slice(0, 3)), { type: "welcomed", socketId: 1, welcome: welcome(), draw: drawn });
    expect(then).toMatchObject({ rolloverAt: at });
  });

  test("hands over before the gateway cuts, however soon that is [E8]", () => {
    const short = welcome({ lifeMs: 12 * minute });
    const then = after(after(idle, ...toOnline.slice(0, 3)), { type: "welcomed", socketId: 1, welcome: short });
    expect(then).toMatchObject({ rolloverAt: 11.2 * minute, forcedAt: 11.5 * minute });
    expect(limits.session.rolloverMs[1]).toBeLessThan(limits.gateway.connectionLifeMs);
  });

  test("waits no longer for its successor at 115 min, whatever it was told to wait for [E8]", () => {
    const refusal = { reason: problemReason("rate.limited"), retry: "backoff" as const, afterMs: 20 * minute };
    const waiting = after(handing, { type: "refused", attemptId: 2, refusal, at: 100 * minute, draw: 0.9 });
    expect(handing.forcedAt).toBe(115 * minute);
    expect(after(waiting, { type: "woken", at: 115 * minute })).toMatchObject({ successor: { state: "waiting" } });
    expect(after(waiting, { type: "forced", socketId: 2, at: 115 * minute })).toBe(waiting);
    expect(after(waiting, { type: "forced", socketId: 1, at: 115 * minute })).toMatchObject({
      state: "handingOver",
      socketId: 1,
      successor: { state: "ticketing", failures: 1 },
    });
    for (const underWay of [handing, greetingSuccessor])
      expect(after(underWay, { type: "forced", socketId: 1, at: 115 * minute })).toBe(underWay);
  });

  test("listens to the former socket until it is dismissed, closes or had its time", () => {
    const over = after(greetingSuccessor, { type: "welcomed", socketId: 2, welcome: welcome({ epoch: 2 }) });
    expect(over).toMatchObject({ state: "online", socketId: 2, former: 1 });
    const ends: Happening[] = [
      { type: "dismissed", socketId: 1, bye: byeOf("superseded") },
      { type: "closed", socketId: 1 },
      { type: "drained", socketId: 1 },
    ];
    for (const end of ends) expect(after(over, end)).toMatchObject({ state: "online", socketId: 2, former: undefined });
  });

  test("takes bye superseded on the old socket for its own successor's doing, once that has said hello [E3]", () => {
    const bye: Happening = { type: "dismissed", socketId: 1, bye: byeOf("superseded") };
    expect(after(greetingSuccessor, bye)).toMatchObject({ state: "greeting", attemptId: 2 });
    expect(after(handing, bye)).toMatchObject({ state: "stopped", why: { code: "superseded" } });
    expect(after(online, bye)).toMatchObject({ state: "stopped", why: { code: "superseded" } });
  });

  test("tries the successor again while the old connection lives, and goes on with it when that dies", () => {
    const refusal = { reason: problemReason("access.denied"), retry: "never" as const, afterMs: 0 };
    const refused = after(handing, { type: "refused", attemptId: 2, refusal });
    expect(refused).toMatchObject({ state: "handingOver", socketId: 1, successor: { state: "waiting" } });
    expect(after(refused, { type: "closed", socketId: 1 })).toMatchObject({ state: "waiting" });
    expect(after(greetingSuccessor, { type: "closed", socketId: 2 })).toMatchObject({
      state: "handingOver",
      successor: { state: "waiting" },
    });
    expect(after(greetingSuccessor, { type: "closed", socketId: 1 })).toMatchObject({ state: "greeting", attemptId: 2 });
  });
});
