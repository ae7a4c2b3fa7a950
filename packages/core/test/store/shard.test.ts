import { alphabet } from "@tether/protocol/base32";
import { expect, test } from "vitest";
import { shardOf } from "../../src/store/index.ts";
import { shards } from "../../src/store/session.ts";

test("ids are spread evenly over the partitions of the sweeper's index", () => {
  const counts = Object.groupBy([...alphabet], (last) => shardOf(`rse_01J000000000000000000000${last}`));
  expect(Object.keys(counts).sort()).toEqual([...shards]);
  expect(new Set(Object.values(counts).map((ids) => ids?.length))).toEqual(new Set([alphabet.length / shards.length]));
});
