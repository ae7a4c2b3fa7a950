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
    frame: ({ robotEnd }: Armed, of = ada) => robotEnd.hear({ type: "stop", by, session: of, key }),
    channel: ({ speak, operator }: Armed, of = ada) => (of === ada ? operator : speak(of)).say({ type: "stop", key }),
  };
  type Armed = Awaited<ReturnType<typeof armed>>;
  type Way = keyof typeof ways;

  test.each<[Way, Way]>([
    ["channel", "frame"],
    ["frame", "channel"],
    ["channel", "channel"],
  ])("by %s stops the robot; coming by %s after the holder resumed it stops nothing [R16]", async (first, later) => {
    const rig = await armed();
    const { clock, operator, take } = rig;
    operator.command(go);
    await clock.advance(0);
    ways[first](rig);
    await clock.advance(0);
    expect(take()).toMatchObject([{ did: "command" }, { did: "stop", reason: "stop" }, { did: "stood" }]);
    operator.say({ type: "resume", epoch: 1, stop: 1, seq: 1 });
    operator.command("on");
    await clock.advance(0);
    ways[later](rig);
    operator.command("and on");
    await clock.advance(0);
    expect(take()).toMatchObject([{ command: "on" }, { command: "and on" }]);
  });

  test("is not another's under the same key, nor one without a key [R16]", async () => {
    const rig = await armed();
    ways.channel(rig, ada);
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

test("a stop that is in force from before holds until the holder resumes, and whoever remembers it is told of each change [R18]", async () => {
  const told: boolean[] = [];
  const { operator, clock, take, guard } = await armed({ isStopped: true, onOrder: (isStopped) => told.push(isStopped) });
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
  expect(told).toEqual([false, true]);
});

test("however often and by however many ways presses come, each stops the robot when it comes first, and then nothing [R7, R16]", () => {
  const arrival = fc.record({ does: fc.constant("ordered" as const), press: fc.nat(5) });
  const other = fc.record({ does: fc.constantFrom("carried" as const, "resumed" as const, "nameless" as const) });
  const property = fc.property(fc.array(fc.oneof({ weight: 3, arbitrary: arrival }, other), { maxLength: 60 }), (acts) => {
    let state: State = initial(robot);
    const grant = { robot, session: ada, user: "user", epoch: 1, issuedAt: 0, expiresAt: 1e6, deadmanMs: 500, maxAgeMs: 500 };
    const tell = (happening: Happening) => {
      state = next(state, { ...happening, at: 0 }).state;
    };
    const word = { epoch: 1, session: ada, released: false };
    tell({ type: "welcomed", serverTime: 0, word });
    tell({ type: "shown", link: 1, session: ada, grant });
    const come = new Set<number>();
    let number = 0;
    for (const act of acts) {
      const before: State = state;
      if (act.does === "carried") tell({ type: "carried", turn: state.known.turn });
      else if (act.does === "resumed") tell({ type: "resumed", link: 1, epoch: 1, stop: number, seq: 0 });
      else tell({ type: "ordered", ...("press" in act && { press: String(act.press) }) });
      const isOrder = "press" in act || act.does === "nameless";
      const isNew = isOrder && !("press" in act && come.has(act.press));
      if ("press" in act) come.add(act.press);
      if (isNew) {
        number += 1;
        expect([state.state, state.known.order.latched]).toEqual(["stopping", true]);
      } else if (isOrder) expect(state).toBe(before);
      expect(state.known.order.number).toBe(number);
    }
  });
  fc.assert(property, { numRuns: 2_000 });
});
