import { expect, test } from "vitest";
import { countBreak } from "../../src/break/run.ts";

/** A hundredth of `npm run break`: as many robots to a connection a second, and so as many seconds. */
const scaled = { robots: 1_000, connectsPerSecond: 20, shards: 16, seed: 1, gone: 0.01 };
/** Fewer ends that ask a hundred times each show the same as a longer refusal. */
const refused = { ...scaled, robots: 250, connectsPerSecond: 5, refusingMs: 15 * 60_000 };

test("a fleet that loses all sockets at once is back within two minutes, with one ticket a robot and the sessions it had; deadlines are in time [L5, L7, E7]", async () => {
  const { back, ticketsEach, lost, ended, cut, sweeper } = await countBreak({ ...scaled, refusingMs: 0 });
  expect([cut, lost]).toEqual([1_000, 0]);
  expect(back.last).toBeLessThanOrEqual(120_000);
  expect(ticketsEach).toBeLessThanOrEqual(1.05);
  expect(sweeper.lateMs).toBeLessThanOrEqual(60_000);
  expect([ended > 0, sweeper.done >= ended, sweeper.backlog]).toEqual([true, true, 0]);
  expect(sweeper.foundGone).toBeGreaterThan(0);
});

test("while the service itself refuses for longer than a grace no session is lost, and all are back within two minutes after it [L5.1]", async () => {
  const { back, lost, sweeper } = await countBreak(refused);
  expect([lost, sweeper.held > 0]).toEqual([0, true]);
  expect(back.last).toBeLessThanOrEqual(120_000);
  expect(sweeper.lateMs).toBeLessThanOrEqual(60_000);
});

test("a sweeper that did not ask whether tickets are given would end them", async () => {
  const { lost } = await countBreak({ ...refused, asks: false });
  expect(lost).toBeGreaterThan(200);
});

test("the same seed makes the same break, another seed another", async () => {
  const small = { ...scaled, robots: 100, refusingMs: 0 };
  const [one, same, other] = [await countBreak(small), await countBreak(small), await countBreak({ ...small, seed: 2 })];
  expect(same).toEqual(one);
  expect(other).not.toEqual(one);
});
