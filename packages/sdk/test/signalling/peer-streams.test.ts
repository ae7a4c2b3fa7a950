import { limits } from "@tether/protocol/limits";
import { expect, test } from "vitest";
import { checkAfter, isRestarted, isStale } from "../../src/signalling/peer-streams.ts";
import { instance, robot } from "./rig.ts";

test.each([
  ["online", 3, "online", 2, true],
  ["online", 3, "away", 2, true],
  ["away", 3, "online", 2, true],
  ["online", 3, "online", 3, false],
  ["online", 3, "away", 3, false],
  ["away", 3, "away", 3, false],
  ["away", 3, "online", 3, true],
  ["away", 3, "online", 4, false],
  ["online", 3, "online", 4, false],
] as const)("of a peer that is %s in epoch %i the news that it is %s in %i is old: %s [P8]", (state, epoch, told, at, is) => {
  expect(isStale(robot({ state, epoch }), { state: told, epoch: at })).toBe(is);
});

test("nothing is old of a peer that was unknown", () => {
  expect(isStale(undefined, { state: "online", epoch: 1 })).toBe(false);
});

const withoutInstance = () => {
  const { instance: _, ...peer } = robot();
  return peer;
};

test.each([
  ["another instance", robot({ instance: instance(2) }), true],
  ["the same instance", robot(), false],
  ["no word of its instance", withoutInstance(), false],
])("a peer that comes with %s was started again: %j", (_, peer, is) => {
  expect(isRestarted(robot(), peer)).toBe(is);
  expect([isRestarted(withoutInstance(), peer), isRestarted(undefined, peer)]).toEqual([false, false]);
});

test("only a peer that is away until a known instant is asked about, at the sweep after it by this end's clock [S15]", () => {
  expect(checkAfter({ state: "away", backBy: 1_000 }, 300)).toEqual({ at: 700 + limits.sweep.everyMs, asked: 0 });
  expect([checkAfter({ state: "away" }, 300), checkAfter({ state: "online", backBy: 1_000 }, 300)]).toEqual([undefined, undefined]);
});
