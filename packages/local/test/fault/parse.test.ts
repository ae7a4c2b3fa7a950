import { expect, it } from "vitest";
import { faultForms, faultNames, parseFaults } from "../../src/fault/parse.ts";

it("reads every fault", () => {
  const text =
    "disconnect=late:180000, disconnect=doubled:0.5,disconnect=lost,post=gone:0.01,post=doubled,management=throttled:0.1,management=forbidden,management=failing:0.2,sweep=late:90000:0.5,sweep=doubled,silent=0.02,proxy=idle:60000:0.5,reorder=invoke:100,reorder=post:50,latency=20-200," +
    "store=throttled:0.1,store=conflict,store=overlap:8,store=failing:0.2,store=cut:0.3,store=lost:0.4,store=stale:800:0.5,crash=0.01";
  expect(parseFaults(text)).toEqual([
    { name: "disconnect.late", ms: 180_000, rate: 1 },
    { name: "disconnect.doubled", rate: 0.5 },
    { name: "disconnect.lost", rate: 1 },
    { name: "post.gone", rate: 0.01 },
    { name: "post.doubled", rate: 1 },
    { name: "management.throttled", rate: 0.1 },
    { name: "management.forbidden", rate: 1 },
    { name: "management.failing", rate: 0.2 },
    { name: "sweep.late", ms: 90_000, rate: 0.5 },
    { name: "sweep.doubled", rate: 1 },
    { name: "silent", rate: 0.02 },
    { name: "proxy.idle", ms: 60_000, rate: 0.5 },
    { name: "reorder.invoke", windowMs: 100 },
    { name: "reorder.post", windowMs: 50 },
    { name: "latency", minMs: 20, maxMs: 200 },
    { name: "store.throttled", rate: 0.1 },
    { name: "store.conflict", rate: 1 },
    { name: "store.overlap", holdMs: 8 },
    { name: "store.failing", rate: 0.2 },
    { name: "store.cut", rate: 0.3 },
    { name: "store.lost", rate: 0.4 },
    { name: "store.stale", windowMs: 800, rate: 0.5 },
    { name: "crash", rate: 0.01 },
  ]);
  expect(parseFaults(text).map(({ name }) => name)).toEqual(faultNames);
});

it("reads shorter forms", () => {
  expect(parseFaults("post=gone:once,latency=5")).toEqual([
    { name: "post.gone", times: 1 },
    { name: "latency", minMs: 5, maxMs: 5 },
  ]);
  expect(parseFaults("post=gone,silent=once")).toEqual([
    { name: "post.gone", times: 1 },
    { name: "silent", times: 1 },
  ]);
  expect(parseFaults("")).toEqual([]);
});

it.each(["post=lost", "gone", "disconnect", "constructor", "toString=1"])("says what there is when there is no fault %s", (text) => {
  expect(() => parseFaults(text)).toThrow(`There is no fault “${text}”. Choose from: ${faultForms.join(", ")}.`);
});

it.each([
  ["disconnect=late", "“” is not a number of milliseconds. Write disconnect=late:<ms>[:<rate>]."],
  ["disconnect=late:soon", "“soon” is not a number of milliseconds"],
  ["disconnect=late:5:2", "“2” is not a rate from 0 to 1"],
  ["post=gone:1.1", "“1.1” is not a rate from 0 to 1"],
  ["post=doubled:-1", "“-1” is not a rate from 0 to 1"],
  ["latency=9-3", "“9-3” goes from more to less"],
  ["latency=", "“” is not a number of milliseconds"],
])("says what is wrong with %s", (text, words) => {
  expect(() => parseFaults(text)).toThrow(`The fault “${text}” cannot be read: ${words}`);
});
