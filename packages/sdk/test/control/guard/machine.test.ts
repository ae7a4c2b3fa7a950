import { describe, expect, test } from "vitest";
import type { Happening } from "../../../src/control/guard/event.ts";
import { initial, type State } from "../../../src/control/guard/state.ts";
import { ada, bob, robot } from "../rig.ts";
import { after, answered, armed, command, done, driving, lost, ordered, shown, stories, welcomed } from "./machine-story.ts";

/** Happenings that mean something in some state. */
const all: Record<Happening["type"], Happening> = {
  permitShown: shown(),
  commanded: command(2),
  stopOrdered: ordered,
  channelsOpened: { type: "channelsOpened", pair: 2 },
  latchWritten: { type: "latchWritten", kept: false },
  pictureAnnounced: { type: "pictureAnnounced" },
  resumed: { type: "resumed", pair: 1, epoch: 1, stop: 1, seq: 1 },
  clockSampled: answered,
  channelsClosed: { type: "channelsClosed", pair: 1 },
  welcomed,
  noticed: { type: "noticed", notice: { epoch: 2, session: bob, released: false } },
  signallingLost: lost,
  stopDone: done(1),
  driverFailed: { type: "driverFailed" },
  due: { type: "due" },
  sessionEnded: { type: "sessionEnded" },
};

describe("a guard", () => {
  test.each([
    ["idle", ["commanded", "resumed", "clockSampled", "channelsClosed", "stopDone", "driverFailed", "due"]],
    ["armed", ["stopDone", "driverFailed", "due"]],
    ["driving", ["resumed", "stopDone", "due"]],
    ["stopping", ["commanded", "resumed", "clockSampled", "driverFailed", "due"]],
    ["ended", Object.keys(all)],
  ] as [State["state"], Happening["type"][]][])("that is %s takes no notice of what means nothing there: %j", (name, types) => {
    for (const type of types) {
      const { state, tell } = after(...stories[name]);
      expect(state.state).toBe(name);
      expect(tell(all[type])).toEqual({ state, effects: [] });
    }
  });

  test("that is stopping because of an order while nobody drove is not confused by channels that close", () => {
    const { state, tell } = after(welcomed, ordered);
    expect(tell(all.channelsClosed)).toEqual({ state, effects: [] });
  });

  test("begins with no broker to hear, no epoch, and nothing of pictures; an order from before is its first", () => {
    const known = {
      robot,
      broker: { online: false, awayAt: Number.NEGATIVE_INFINITY, aheadMs: 0, epoch: 0 },
      fence: { epoch: 0, session: undefined, seq: 0, terms: undefined },
      order: { number: 0, latched: false, kept: true, presses: [] },
      announcesPictures: false,
      turn: 0,
    };
    expect(initial(robot)).toStrictEqual({ state: "idle", known });
    const order = { number: 1, latched: true, kept: true, presses: [] };
    expect(initial(robot, true)).toStrictEqual({ state: "idle", known: { ...known, order } });
  });

  test("counts each answer to a question for the clock once, on the channels it asked on, in any order [R21]", () => {
    const answer = (t0: number, pair = 1): Happening => ({ type: "clockSampled", pair, t0, t1: t0 });
    const { tell } = after(welcomed, shown());
    tell({ type: "due" }, 100);
    const samples = (state: State) => (state.state === "armed" ? state.holder.samples.length : undefined);
    expect(samples(tell(answer(100, 2), 110).state)).toBe(0);
    expect(samples(tell(answer(100), 110).state)).toBe(1);
    expect(samples(tell(answer(100), 120).state)).toBe(1);
    expect(samples(tell(answer(0), 120).state)).toBe(2);
  });

  test.each([
    ["to nobody, as it was released", undefined, true, "released"],
    ["to nobody, for another reason", undefined, false, "epoch"],
    ["to another, as it was released", bob, true, "epoch"],
    ["to its own holder once more", ada, false, "epoch"],
  ])("that drives stops where control goes %s [R6]", (_, session, released, reason) => {
    const { tell } = after(...driving);
    expect(tell({ type: "noticed", notice: { epoch: 2, session, released } }).state).toMatchObject({ state: "stopping", reason });
  });

  test("that is stopping when its session ends goes on with that stop, and is ended by it [R9]", () => {
    const { tell } = after(...driving, ordered);
    expect(tell({ type: "sessionEnded" }).state).toMatchObject({ state: "stopping", reason: "stop", known: { turn: 1 } });
    expect(tell(done(1)).state.state).toBe("ended");
  });

  test("takes a stop for kept until it hears otherwise, also after one that was not [R18]", () => {
    const { tell } = after(...armed, ordered, { type: "latchWritten", kept: false }, done(1), all.resumed);
    tell(ordered);
    expect(tell(all.channelsOpened).effects).toMatchObject([{ message: { type: "latched", stop: 2, kept: true } }]);
  });

  test("does not take the end of one stop for that of the next", () => {
    const { state, tell } = after(...driving, ordered, done(1), ordered);
    expect(tell(done(1))).toEqual({ state, effects: [] });
    expect(tell(done(2)).state.state).toBe("armed");
  });

  test("that stops for good is ended by no permit that comes meanwhile, but by the stop [R9]", () => {
    const { tell } = after(...driving, { type: "sessionEnded" });
    expect(tell(shown()).state).toMatchObject({ state: "stopping", ending: true });
    const { state, effects } = tell(done(1));
    expect([state.state, effects]).toMatchObject(["ended", [{ type: "stopped", stages: [] }]]);
  });

  test("that is stopping already stops for the order, counts its time from there, and keeps the holder [R7]", () => {
    const { tell } = after(...driving, 100, { type: "driverFailed" }, 300, ordered);
    const { state, effects } = tell(done(1), 450);
    expect(state.state).toBe("armed");
    expect(effects[0]).toMatchObject({ type: "stopped", reason: "stop", latencyMs: 150, stop: 1 });
  });

  test("tells a holder once that it may drive, also where its permit came while the robot was being stopped", () => {
    const { tell } = after(...driving, ordered);
    expect(tell(shown()).effects).toEqual([]);
    expect(tell(done(1)).effects.map((one) => (one.type === "send" ? one.message : one.type))).toEqual([
      "stopped",
      { type: "accepted", epoch: 1, seq: 1, stop: 1 },
    ]);
    const again = after(...driving, ordered);
    expect(again.tell(done(1)).effects.map(({ type }) => type)).toEqual(["stopped"]);
  });

  test("whose dead-man is over at once obeys no command [R5]", () => {
    const { tell } = after(welcomed, shown({ deadmanMs: 0 }), answered);
    expect(tell(command())).toMatchObject({ state: { state: "stopping", reason: "deadman" }, effects: [] });
  });

  test("does not obey a command that was blind when it comes again, whatever picture it names then [R4.1, R22]", () => {
    const { tell } = after({ type: "pictureAnnounced" }, ...armed);
    tell(command(2));
    expect(tell(command(2, { pictureAt: 0 })).effects).toEqual([]);
    expect(tell(command(3, { pictureAt: 0 })).effects[0]).toMatchObject({ type: "command" });
  });

  test("counts a command that it does not obey by the reason why not", () => {
    const dropped = (state: State) => (state.state === "armed" ? state.holder.dropped : undefined);
    expect(dropped(after(...armed, ordered, done(1)).tell(command()).state)).toEqual({ stopped: 1 });
    expect(dropped(after(welcomed, shown()).tell(command()).state)).toEqual({ clock: 1 });
  });

  test.each([{ epoch: 2 }, { pair: 2 }, { stop: 2 }])("does not drive on after a stop by the word for another one: %j [R7]", (part) => {
    const { tell } = after(...armed, ordered, done(1));
    expect(tell({ type: "resumed", pair: 1, epoch: 1, stop: 1, seq: 1, ...part }).state.known.order.latched).toBe(true);
  });

  test("learns nothing from a latch that was not kept when no stop is in force [R18]", () => {
    const { state, tell } = after(...armed);
    expect(tell({ type: "latchWritten", kept: false })).toEqual({ state, effects: [] });
  });

  test("remembers the last 64 presses: an older one that comes by another way is a stop of its own [R16]", () => {
    const press = (n: number, way: "events" | "frame"): Happening => ({
      type: "stopOrdered",
      press: { name: `press ${n}`, way, isOnce: true },
    });
    const presses = Array.from({ length: 65 }, (_, n) => press(n, "events"));
    const { tell } = after(...presses);
    expect(tell(press(1, "frame")).state.known.order.number).toBe(65);
    expect(tell(press(0, "frame")).state.known.order.number).toBe(66);
  });
});
