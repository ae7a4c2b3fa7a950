import { expect, it } from "vitest";
import { faultForms, faultNames, parseFaults } from "../../src/fault/parse.ts";

it("reads every fault", () => {
  const text =
    "disconnect=late:180000, disconnect=doubled:0.5,disconnect=lost,post=gone:0.01,post=doubled,management=throttled:0.1,management=forbidden,management=failing:0.2,management=slow:300:0.5,management=lost,message=throttled:0.1,account=requests:100:50,lambda=concurrency:10,lambda=cold:400:0.2,sweep=overlapping:20:0.5,sweep=late:90000:0.5,sweep=doubled,silent=0.02,proxy=idle:60000:0.5,reorder=invoke:100,reorder=post:50,latency=20-200," +
    "store=throttled:0.1,store=conflict,store=overlap:8,store=capacity:1000:3000:300,store=failing:0.2,store=cut:0.3,store=lost:0.4,store=stale:800:0.5,index=lag:20,crash=0.01";
  expect(parseFaults(text)).toEqual([
    { name: "disconnect.late", ms: 180_000, rate: 1 },
    { name: "disconnect.doubled", rate: 0.5 },
    { name: "disconnect.lost", rate: 1 },
    { name: "post.gone", rate: 0.01 },
    { name: "post.doubled", rate: 1 },
    { name: "management.throttled", rate: 0.1 },
    { name: "management.forbidden", rate: 1 },
    { name: "management.failing", rate: 0.2 },
    { name: "management.slow", ms: 300, rate: 0.5 },
    { name: "management.lost", rate: 1 },
    { name: "message.throttled", rate: 0.1 },
    { name: "account.requests", perSecond: 100, burst: 50 },
    { name: "lambda.concurrency", atOnce: 10 },
    { name: "lambda.cold", ms: 400, rate: 0.2 },
    { name: "sweep.overlapping", ms: 20, rate: 0.5 },
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
    { name: "store.capacity", writes: 1_000, reads: 3_000, burstS: 300 },
    { name: "store.failing", rate: 0.2 },
    { name: "store.cut", rate: 0.3 },
    { name: "store.lost", rate: 0.4 },
    { name: "store.stale", windowMs: 800, rate: 0.5 },
    { name: "index.lag", ms: 20 },
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
  expect(parseFaults("store=capacity:5:10,account=requests:100")).toEqual([
    { name: "store.capacity", writes: 5, reads: 10, burstS: 1 },
    { name: "account.requests", perSecond: 100, burst: 100 },
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
