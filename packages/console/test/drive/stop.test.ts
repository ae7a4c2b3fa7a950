import { expect, test } from "vitest";
import { type Attempt, dueIn, lapsed, ordered, patience, stood, stopWords, undelivered } from "../../src/drive/stop.ts";

const both = { channel: true, broker: true };
const alone = { channel: false, broker: true };
const none = { channel: false, broker: false };

test("a stop waits for the robot's word, and says when it came", () => {
  const sent = ordered(both, 0);
  expect(stopWords(sent).tone).toBe("warn");
  expect(stopWords(stood(sent, 120.4) as Attempt)).toEqual({ tone: "good", says: "The robot stopped, 120 ms after it heard." });
});

test.each([
  ["over the channel is unanswered", both, "unanswered"],
  ["by the broker alone is passed on", alone, "passed"],
] as const)("a stop %s once the robot was silent for too long", (_, ways, state) => {
  const sent = ordered(ways, 1_000);
  expect(lapsed(sent, 1_000 + patience.confirmMs - 1)).toBe(sent);
  expect(lapsed(sent, 1_000 + patience.confirmMs).state).toBe(state);
});

test("that the broker could not tell the robot decides only where there was no channel", () => {
  expect(undelivered(ordered(alone, 0))?.state).toBe("failed");
  expect(undelivered(ordered(both, 0))?.state).toBe("sent");
});

test("a stop without a way goes out with the first there is, but not when it would only surprise", () => {
  const waiting = ordered(none, 0);
  expect([waiting.state, dueIn(waiting)]).toEqual(["waiting", patience.everyMs]);
  const still = ordered(none, 20_000, waiting);
  expect(lapsed(still, patience.tryMs - 1)).toBe(still);
  expect(lapsed(still, patience.tryMs).state).toBe("failed");
  expect(ordered(both, 20_000, waiting)).toEqual({ state: "sent", since: 0, at: 20_000, ways: both });
});

test("a new order begins anew", () => {
  expect(ordered(none, 50_000, { state: "failed" })).toEqual({ state: "waiting", since: 50_000 });
});

test.each(["waiting", "unanswered", "passed", "failed"] as const)("a stop that is %s says what to do", (state) => {
  const attempt: Attempt = state === "waiting" ? { state, since: 0 } : { state };
  expect(stopWords(attempt).remedy).toMatch(/STOP|Stop/);
});
