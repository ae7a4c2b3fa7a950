import { expect, test } from "vitest";
import { blindWords } from "../../../src/drive/picture/blind-words.ts";

const policy = { blindMs: 200, stopMs: 1_000 };

test.each([
  [undefined, policy, "unknown", "Blind time not known", "The robot does not tell when its pictures were taken."],
  [84.4, policy, "good", "Blind time 84 ms of 200 ms", "The robot goes at its full speed."],
  [200, policy, "good", "Blind time 200 ms of 200 ms", "The robot goes at its full speed."],
  [250, policy, "slow", "Blind time 250 ms of 200 ms", "The robot goes at 80 % of its speed."],
  [999, policy, "slow", "Blind time 999 ms of 200 ms", "The robot goes at 20 % of its speed."],
  [1_000, policy, "blind", "Blind time 1,000 ms of 200 ms", "Over 1,000 ms: the robot stops."],
  [3_000, { blindMs: null, stopMs: 1_000 }, "good", "Blind time 3,000 ms", "It does not limit this robot."],
] as const)("a blind time of %s ms by %o is %s, in words that need no colour", (ms, by, level, says, means) => {
  expect(blindWords(ms, by)).toEqual({ level, says, means });
});
