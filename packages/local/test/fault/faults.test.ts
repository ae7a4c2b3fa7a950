import { expect, it } from "vitest";
import { createFaults } from "../../src/fault/faults.ts";
import { parseFaults } from "../../src/fault/parse.ts";
import { seededRandom } from "../../src/fault/random.ts";

const under = (text: string, seed = 1) => createFaults({ random: seededRandom(seed), faults: parseFaults(text) });
const often = <Value>(ask: () => Value) => Array.from({ length: 1_000 }, ask);

it("leaves everything as it should be when there are none", () => {
  const faults = under("");
  expect([faults.disconnect(), faults.gone(), faults.deliver(), faults.invokeDelayMs()]).toEqual([[0], false, [0], 0]);
});

it("strikes about as often as its rate says", () => {
  const faults = under("post=gone:0.1");
  const struck = often(faults.gone).filter(Boolean).length;
  expect(struck).toBeGreaterThan(60);
  expect(struck).toBeLessThan(140);
});

it("does the same again with the same seed, and something else with another", () => {
  const run = (seed: number) => {
    const faults = under("post=gone:0.5,reorder=post:1000", seed);
    return often(() => [faults.gone(), faults.deliver()]);
  };
  expect(run(7)).toEqual(run(7));
  expect(run(7)).not.toEqual(run(8));
});

it("draws delays from their whole range, ends included", () => {
  const faults = under("latency=10-12");
  expect(new Set(often(faults.invokeDelayMs))).toEqual(new Set([10, 11, 12]));
});

it("adds latency and reordering up", () => {
  const faults = under("latency=100,reorder=invoke:1");
  expect(new Set(often(faults.invokeDelayMs))).toEqual(new Set([100, 101]));
});

it("is over once it struck as many times as it should, and shows what is in force", () => {
  const faults = under("post=gone:once,disconnect=lost");
  expect([faults.gone(), faults.gone()]).toEqual([true, false]);
  expect(faults.list()).toEqual([{ name: "disconnect.lost", rate: 1 }]);
});

it("does not use up the value it was set from", () => {
  const once = parseFaults("post=gone:once");
  const faults = createFaults({ random: seededRandom(1) });
  faults.set(once);
  faults.gone();
  faults.set(once);
  expect(faults.gone()).toBe(true);
});

it("counts what struck, and nothing else", () => {
  const faults = under("post=gone:0.5,reorder=post:10,latency=0,store=stale:800,crash=0");
  const gone = often(faults.gone).filter(Boolean).length;
  const moved = often(faults.deliver).filter(([ms]) => ms !== 0).length;
  for (let n = 0; n < 5; n++) [faults.invokeDelayMs(), faults.lagMs(), faults.strikes("crash"), faults.strikes("store.cut")];
  expect(faults.struck()).toEqual({ "post.gone": gone, "reorder.post": moved, "store.stale": 5 });
});

it("lets those that stand be replaced by name, and come back when nothing is set", () => {
  const faults = createFaults({ random: seededRandom(1), permanent: parseFaults("store=overlap:8,index=lag:20") });
  faults.set(parseFaults("index=lag:500,disconnect=lost"));
  expect([faults.find("store.overlap"), faults.find("index.lag")]).toMatchObject([{ holdMs: 8 }, { ms: 500 }]);
  expect(faults.list().map(({ name }) => name)).toEqual(["index.lag", "disconnect.lost"]);
  faults.set([]);
  expect([faults.find("index.lag"), faults.disconnect()]).toMatchObject([{ ms: 20 }, [0]]);
});

it("lets a read lag by its window at most, and no read where there is no such fault", () => {
  expect([under("store=stale:800").lagMs(), under("store=stale:800:0").lagMs(), under("").lagMs()]).toEqual([800, undefined, undefined]);
});
