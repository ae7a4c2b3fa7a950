import type { Outbox } from "@tether/core/outbox";
import { expect, it } from "vitest";
import { createMortality } from "../../src/fault/crash.ts";

/** A mortality whose nth moment strikes, over an outbox that notes what reaches it. */
function rig(dies: number) {
  const done: string[] = [];
  let moments = 0;
  const note = async (what: string): Promise<void> => void done.push(what);
  const outbox: Outbox = {
    post: (id) => note(`post ${id}`).then(() => "posted"),
    probe: (id) => note(`probe ${id}`).then(() => "gone"),
    close: (id) => note(`close ${id}`).then(() => "closed"),
  };
  const faults = { strikes: () => ++moments === dies };
  const mortality = createMortality({ faults, turn: undefined });
  const mortal = mortality.within(outbox);
  const work = async () => {
    await mortal.post("a", { type: "auth.expired", closesAt: 0 });
    await Promise.all([mortal.close("b"), mortal.probe("c")]);
    done.push("end");
    return "answered";
  };
  return { mortality, work, done, mortal };
}

it("lets an invocation come to its end where no crash strikes", async () => {
  const { mortality, work, done } = rig(99);
  expect([await mortality.live(work), done]).toEqual(["answered", ["post a", "close b", "probe c", "end"]]);
});

it.each([
  [1, []],
  [2, ["post a"]],
  [3, ["post a"]],
  [5, ["post a", "close b", "probe c"]],
])("ends it at moment %i, before or after a request: nothing of it goes on, and only the platform hears of it", async (dies, reached) => {
  const { mortality, work, done } = rig(dies);
  await expect(mortality.live(work)).rejects.toMatchObject({ name: "Crashed" });
  for (let turns = 0; turns < 20; turns++) await Promise.resolve();
  expect(done).toEqual(reached);
});

it("takes no other invocation with it, and nothing that is none", async () => {
  const { mortality, work, mortal, done } = rig(1);
  const [one, other] = await Promise.allSettled([mortality.live(work), mortality.live(async () => mortal.probe("x"))]);
  expect([one.status, other]).toEqual(["rejected", { status: "fulfilled", value: "gone" }]);
  await mortal.close("y");
  expect(done).toEqual(["probe x", "close y"]);
});

it("makes invocations of handlers, each of its own", async () => {
  const { mortality, work } = rig(1);
  const handlers = mortality.handlers({ first: async (_: string) => work(), second: async (text: string) => text });
  await expect(handlers.first("")).rejects.toMatchObject({ name: "Crashed" });
  expect(await handlers.second("goes on")).toBe("goes on");
});
