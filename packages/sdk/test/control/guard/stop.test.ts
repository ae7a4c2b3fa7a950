import { limits } from "@tether/protocol/limits";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Happening } from "../../../src/control/guard/event.ts";
import { next } from "../../../src/control/guard/machine.ts";
import { initial, type State } from "../../../src/control/guard/state.ts";
import { ada, armed, bob, robot } from "../rig.ts";

const key = "7hQ2mX9_vK3-bN4a";
const go = { linear: 1 };

describe("one press of stop", () => {
  const by = { type: "user", id: "viewer" } as const;
  const ways = {
    frame: ({ robotEnd }: Armed, of = ada, as = key) => robotEnd.hear({ type: "stop", by, session: of, key: as }),
    events: ({ speak, operator }: Armed, of = ada, as = key) => (of === ada ? operator : speak(of)).say({ type: "stop", key: as }),
    control: ({ operator }: Armed, _ = ada, as = key) => operator.raw(JSON.stringify({ type: "stop", key: as })),
  };
  type Armed = Awaited<ReturnType<typeof armed>>;
  type Way = keyof typeof ways;
  const names = Object.keys(ways) as Way[];
  const pairs = names.flatMap((first) => names.map((later) => [first, later] as const));

  /** A press came by one way, the holder resumed, and its key comes again `afterMs` after it came first. */
  async function pressedAgain(first: Way, later: Way, afterMs: number, as = key) {
    const rig = await armed();
    const { clock, operator, take } = rig;
    operator.command(go);
    await clock.advance(0);
    ways[first](rig, ada, as);
    await clock.advance(0);
    expect(take()).toMatchObject([{ did: "command" }, { did: "stop", reason: "stop" }, { did: "stood" }]);
    operator.say({ type: "resume", epoch: 1, stop: 1, seq: 1 });
    await clock.advance(afterMs);
    operator.command("on");
    await clock.advance(0);
    ways[later](rig, ada, as);
    operator.command("and on");
    await clock.advance(0);
    return take();
  }

  test.each(pairs)(
    "by %s, a resume, and the same key by %s: that is another press, and stops the robot [R7, R16]",
    async (first, later) => {
      for (const afterMs of [0, limits.control.pressMs, 60_000])
        expect(await pressedAgain(first, later, afterMs)).toMatchObject([{ command: "on" }, { did: "stop", reason: "stop" }, {}]);
    },
  );

  test.each(pairs.filter(([first, later]) => first !== later))(
    "by %s under a key of its own: coming by %s after the holder resumed it stops nothing for 2 s [R7, R16]",
    async (first, later) => {
      const once = `once-${key}`;
      for (const afterMs of [0, limits.control.pressMs])
        expect(await pressedAgain(first, later, afterMs, once)).toMatchObject([{ command: "on" }, { command: "and on" }]);
      expect(await pressedAgain(first, later, limits.control.pressMs + 1, once)).toMatchObject([{ command: "on" }, { did: "stop" }, {}]);
    },
  );

  test.each(pairs)("by %s and then by %s before anyone resumed is one stop for 2 s if the ways differ [R16]", async (first, later) => {
    for (const afterMs of [0, limits.control.pressMs, limits.control.pressMs + 1]) {
      const rig = await armed();
      ways[first](rig);
      await rig.clock.advance(afterMs);
      ways[later](rig);
      await rig.clock.advance(0);
      const isSame = first !== later && afterMs <= limits.control.pressMs;
      expect(rig.operator.last("stopped")?.stop).toBe(isSame ? 1 : 2);
    }
  });

  test("of a button with a constant key stops every time, by all ways at once [R16]", async () => {
    const rig = await armed();
    const { clock, operator, take } = rig;
    for (let press = 1; press <= 10; press += 1) {
      operator.command(go);
      await clock.advance(0);
      for (const way of names) ways[way](rig);
      await clock.advance(0);
      expect(take()).toMatchObject([{ did: "command" }, { did: "stop", reason: "stop" }, { did: "stood" }]);
      operator.say({ type: "resume", epoch: 1, stop: operator.last("stopped")?.stop, seq: press });
      await clock.advance(100);
    }
  });

  test("is not another's under the same key, nor one without a key [R16]", async () => {
    const rig = await armed();
    ways.events(rig, ada);
    ways.frame(rig, bob);
    for (let n = 0; n < 2; n += 1) rig.operator.say({ type: "stop" });
    rig.robotEnd.hear({ type: "stop", key });
    rig.guard.stop();
    await rig.clock.advance(0);
    expect(rig.operator.last("stopped")?.stop).toBe(6);
  });

  test.each([{ reason: "r".repeat(201) }, { reason: 7 }, { key: "1" }, { key: {} }, { by: "me" }])(
    "stops the robot whatever is wrong with it: %j [R17]",
    async (wrong) => {
      const { operator, clock, take } = await armed();
      operator.command(go);
      operator.say({ type: "stop", ...wrong });
      await clock.advance(0);
      expect(take()).toMatchObject([{ did: "command" }, { did: "stop", reason: "stop" }, { did: "stood" }]);
    },
  );
});

describe("a stop that cannot be kept", () => {
  test("is told to everyone until it could be, and to nobody once it was resumed from [R18]", async () => {
    let isFull = true;
    const remembered: boolean[] = [];
    const rig = await armed({
      async onOrder(isStopped) {
        remembered.push(isStopped);
        if (isFull) throw new Error("ENOSPC");
        return "kept" as const;
      },
    });
    const { operator, clock, speak } = rig;
    const watcher = speak(bob);
    watcher.say({ type: "stop" });
    await clock.advance(0);
    const unkept = { type: "latched", stop: 1, kept: false };
    for (const one of [operator, watcher]) expect(one.all("latched")).toEqual([unkept]);
    const late = speak(bob);
    await clock.advance(10_000);
    expect(late.heard).toEqual([unkept]);
    isFull = false;
    await clock.advance(5_000);
    for (const one of [operator, watcher, late]) expect(one.all("latched")).toEqual([unkept, { ...unkept, kept: true }]);
    isFull = true;
    operator.say({ type: "resume", epoch: 1, stop: 1, seq: 0 });
    await clock.advance(60_000);
    expect(operator.all("latched")).toHaveLength(2);
    expect(remembered).toEqual([true, true, true, true, false]);
  });
});

test("who joins while a stop is in force is told so before all else, and who joins after it is not [R20]", async () => {
  const { operator, clock, speak } = await armed();
  operator.say({ type: "stop" });
  await clock.advance(0);
  const during = speak(bob);
  await clock.advance(0);
  expect(during.heard).toEqual([{ type: "latched", stop: 1, kept: true }]);
  operator.say({ type: "resume", epoch: 1, stop: 1, seq: 0 });
  await clock.advance(0);
  const after = speak(bob);
  await clock.advance(0);
  expect(after.heard).toEqual([]);
});

test("a stop that is in force from before holds until the holder resumes, and whoever remembers it is told of each change [R18]", async () => {
  const told: boolean[] = [];
  const { operator, clock, take, guard } = await armed({ isStopped: true, onOrder: (isStopped) => void told.push(isStopped) });
  expect(operator.last("accepted")).toEqual({ type: "accepted", epoch: 1, seq: 0, stop: 1 });
  operator.command(go);
  await clock.advance(0);
  expect(take()).toEqual([]);
  operator.say({ type: "resume", epoch: 1, stop: 1, seq: 1 });
  operator.command("on");
  await clock.advance(0);
  expect(take()).toMatchObject([{ command: "on" }]);
  for (let n = 0; n < 2; n += 1) guard.stop();
  await clock.advance(0);
  expect(told).toEqual([true, false, true]);
});

test("however often and by however many ways presses come, each stops the robot when it comes first, and then nothing [R7, R16]", () => {
  const way = fc.constantFrom("frame" as const, "events" as const, "control" as const);
  const arrival = fc.record({ does: fc.constant("ordered" as const), press: fc.nat(5), way, afterMs: fc.nat(1_200) });
  const other = fc.record({ does: fc.constantFrom("carried" as const, "resumed" as const, "nameless" as const) });
  const property = fc.property(fc.array(fc.oneof({ weight: 3, arbitrary: arrival }, other), { maxLength: 60 }), (acts) => {
    let state: State = initial(robot);
    let at = 0;
    const permit = { robot, session: ada, user: "user", epoch: 1, issuedAt: 0, expiresAt: 1e6, deadmanMs: 500, maxAgeMs: 500 };
    const tell = (happening: Happening) => {
      state = next(state, { ...happening, at }).state;
    };
    const notice = { epoch: 1, session: ada, released: false };
    tell({ type: "welcomed", serverTime: 0, notice });
    tell({ type: "permitShown", pair: 1, session: ada, permit });
    const come = new Map<number, { readonly at: number; readonly ways: Set<string> }>();
    let number = 0;
    for (const act of acts) {
      if ("press" in act) at += act.afterMs;
      const before: State = state;
      if (act.does === "carried") tell({ type: "stopDone", turn: state.known.turn });
      else if (act.does === "resumed") {
        tell({ type: "resumed", pair: 1, epoch: 1, stop: number, seq: 0 });
        if (before.known.order.latched && !state.known.order.latched) for (const press of [1, 3, 5]) come.delete(press);
      } else
        tell({
          type: "stopOrdered",
          ...("press" in act && { press: { name: String(act.press), way: act.way, isOnce: act.press % 2 === 0 } }),
        });
      const isOrder = "press" in act || act.does === "nameless";
      const first = "press" in act ? come.get(act.press) : undefined;
      const isNew = isOrder && !("press" in act && first && at - first.at <= limits.control.pressMs && !first.ways.has(act.way));
      if ("press" in act && isNew) come.set(act.press, { at, ways: new Set([act.way]) });
      else if ("press" in act) first?.ways.add(act.way);
      if (isNew) {
        number += 1;
        expect([state.state, state.known.order.latched]).toEqual(["stopping", true]);
      } else if (isOrder) expect([state.state, state.known.order.latched]).toEqual([before.state, before.known.order.latched]);
      expect(state.known.order.number).toBe(number);
    }
  });
  fc.assert(property, { numRuns: 2_000 });
});
