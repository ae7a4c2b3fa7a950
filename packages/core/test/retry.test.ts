import { expect, test } from "vitest";
import { retry } from "../src/retry.ts";

async function run(answers: readonly string[], random: number) {
  const pauses: number[] = [];
  const counts: number[] = [];
  const pacing = { pause: async (ms: number) => void pauses.push(ms), random: () => random };
  const attempt = async (count: number) => {
    counts.push(count);
    return answers[count] ?? "no";
  };
  const answer = await retry(pacing, { attempts: 5, leastMs: 10, mostMs: 50 }, attempt, (answer) => answer === "no");
  return { answer, pauses, counts };
}

test("what needs no other attempt is answered at once", async () => {
  expect(await run(["yes"], 1)).toEqual({ answer: "yes", pauses: [], counts: [0] });
});

test.each([
  [1, [20, 40, 50, 50]],
  [0.5, [15, 25, 30, 30]],
  [0, [10, 10, 10, 10]],
])("waits grow to their longest, by chance %d of each: the last answer is given when the attempts are over", async (random, pauses) => {
  expect(await run([], random)).toEqual({ answer: "no", pauses, counts: [0, 1, 2, 3, 4] });
  expect((await run(["no", "no", "yes"], random)).pauses).toEqual(pauses.slice(0, 2));
});
