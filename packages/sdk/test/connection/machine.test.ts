import { type Cause, causes } from "@tether/protocol/cause";
import { type ProblemCode, problems } from "@tether/protocol/problem";
import { describe, expect, test } from "vitest";
import type { State } from "../../src/connection/state.ts";
import { problemReason } from "../../src/problem-reason.ts";
import { answer, byeOf } from "./example.ts";
import { after, handing, idle, minute, online, toOnline } from "./machine-state.ts";

describe("the connection's machine", () => {
  test.each((Object.keys(causes) as Cause[]).map((cause) => [cause, causes[cause].retry] as const))(
    "heeds bye %s: %s [E3]",
    (cause, policy) => {
      const then = after(online, { type: "dismissed", socketId: 1, bye: byeOf(cause), at: minute });
      expect(then.state).toBe({ never: "stopped", now: "ticketing", backoff: "waiting" }[policy]);
      if (then.state === "stopped") expect(then.why).toMatchObject({ code: cause, says: causes[cause].says, remedy: causes[cause].remedy });
    },
  );

  test("does not let bye send it in circles: a connection that did not last waits [E2.2, F5.1]", () => {
    expect(after(online, { type: "dismissed", socketId: 1, bye: byeOf("gateway.idle"), at: 100 })).toMatchObject({
      state: "waiting",
      until: 350,
    });
  });

  test("bounds the wait by what bye says", () => {
    const then = after(online, { type: "dismissed", socketId: 1, bye: byeOf("connection.lost", 40_000), at: minute });
    expect(then).toMatchObject({ state: "waiting", until: minute + 20_000 });
    expect(after(then, { type: "woken", at: minute })).toBe(then);
  });

  test("doubles the bound of its wait with each failure in a row [E2]", () => {
    const failed = (state: State, at: number) =>
      after(state, {
        type: "refused",
        attemptId: "attemptId" in state ? state.attemptId : 0,
        refusal: { reason: problemReason("unavailable"), retry: "backoff", afterMs: 0 },
        at,
        draw: 1,
      });
    let state = after(idle, { type: "started" });
    const waits: number[] = [];
    for (let n = 0; n < 7; n += 1) {
      state = failed(state, 0);
      if (state.state !== "waiting") throw new Error(state.state);
      waits.push(state.until);
      state = after(state, { type: "waited", attemptId: state.attemptId });
    }
    expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
  });

  test("cuts its own wait short when woken, not the one the service asked for", () => {
    const from = after(idle, { type: "started" });
    const refusal = { reason: problemReason("rate.limited"), retry: "backoff" as const, afterMs: 5_000 };
    const waiting = after(from, { type: "refused", attemptId: 1, refusal, draw: 0.9 });
    expect(after(waiting, { type: "woken", at: 10 })).toMatchObject({ state: "waiting", until: 5_000 });
    expect(after(waiting, { type: "woken", at: 5_000 })).toMatchObject({ state: "ticketing" });
  });

  test("keeps the reason that a socket gave for not opening", () => {
    const why = { code: "network.untrusted", says: "The certificate is of nobody.", remedy: "Trust it." };
    const opening = after(handing, { type: "ticketed", attemptId: 2, answer: answer(2) });
    expect(after(opening, { type: "closed", socketId: 2, why })).toMatchObject({ successor: { state: "waiting", why } });
    expect(after(opening, { type: "closed", socketId: 2 })).toMatchObject({ successor: { why: { code: "connection.lost" } } });
  });

  test("stops for a protocol the broker does not speak, and for nothing else it says to hello [E3]", () => {
    const greeting = after(idle, ...toOnline.slice(0, 3));
    for (const code of Object.keys(problems) as ProblemCode[]) {
      const then = after(greeting, { type: "rejected", socketId: 1, why: problemReason(code) });
      expect(then.state).toBe(code === "protocol.unsupported" ? "stopped" : "waiting");
    }
  });
});
