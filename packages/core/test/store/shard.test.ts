import { alphabet } from "@tether/protocol/base32";
import { expect, test } from "vitest";
import { roundOf, rounds, shardOf } from "../../src/store/index.ts";

test.each([4, 8, 16, 32])("ids are spread evenly over %i partitions of the sweeper's index", (shards) => {
  const counts = Object.groupBy([...alphabet], (last) => shardOf(`rse_01J000000000000000000000${last}`, shards));
  expect(
    Object.keys(counts)
      .map(Number)
      .sort((a, b) => a - b),
  ).toEqual(Array.from({ length: shards }, (_, shard) => shard));
  expect(new Set(Object.values(counts).map((ids) => ids?.length))).toEqual(new Set([alphabet.length / shards]));
});

test("sessions are spread evenly over the rounds of presence checks", () => {
  const ids = [...alphabet].flatMap((tens) => [...alphabet].map((ones) => `rse_01J00000000000000000000${tens}${ones}`));
  const counts = Object.groupBy(ids, roundOf);
  expect(Object.keys(counts).map(Number).sort()).toEqual(Array.from({ length: rounds }, (_, round) => round));
  for (const some of Object.values(counts)) expect(Math.abs((some?.length ?? 0) - ids.length / rounds)).toBeLessThan(1);
});
