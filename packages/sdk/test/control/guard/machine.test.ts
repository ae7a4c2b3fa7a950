import type { ControlPermit } from "@tether/protocol/control";
import { limits } from "@tether/protocol/limits";
import { describe, expect, test } from "vitest";
import { boundsOf } from "../../../src/control/guard/blind-time.ts";
import { nextDeadline } from "../../../src/control/guard/deadline.ts";
import type { Happening } from "../../../src/control/guard/event.ts";
import { next } from "../../../src/control/guard/machine.ts";
import { initial, type State } from "../../../src/control/guard/state.ts";
import { ada, bob, robot } from "../rig.ts";

const permit: ControlPermit = {
  robot,
  session: ada,
  user: "user",
  epoch: 1,
  issuedAt: 0,
  expiresAt: 300_000,
  deadmanMs: 500,
  maxAgeMs: 500,
  blindMs: 200,
  stopMs: 1_000,
};
const welcomed: Happening = { type: "welcomed", serverTime: 0, notice: { epoch: 1, session: ada, released: false } };
const shown = (part: Partial<ControlPermit> = {}, pair = 1): Happening => ({
  type: "permitShown",
  pair,
  session: ada,
  permit: { ...permit, ...part },
});
const answered: Happening = { type: "clockSampled", pair: 1, t0: 0, t1: 0 };
const command = (seq = 1, part: object = {}): Happening => ({
  type: "commanded",
  pair: 1,
  epoch: 1,
  seq,
  sentAt: 0,
  command: { linear: 1 },
  ...part,
});
const ordered: Happening = { type: "stopOrdered" };
const done = (turn: number): Happening => ({ type: "stopDone", turn });
const lost: Happening = { type: "signallingLost" };

/** A guard to which all that happened, at the instant 0 unless a number comes before. */
function after(...story: (Happening | number)[]): { state: State; tell(happening: Happening, at?: number): ReturnType<typeof next> } {
  let state: State = initial(robot);
  let now = 0;
  const tell = (happening: Happening, at = now) => {
    const outcome = next(state, { ...happening, at });
    state = outcome.state;
    return outcome;
  };
  for (const one of story) {
    if (typeof one === "number") now = one;
    else tell(one);
  }
  return { state, tell };
}

const armed = [welcomed, shown(), answered];
const driving = [...armed, command()];
const stories: Record<State["state"], Happening[]> = {
  idle: [welcomed],
  armed,
  driving,
  stopping: [...driving, ordered],
  ended: [welcomed, { type: "sessionEnded" }, done(1)],
};

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
      fence: { epoch: 0, session: undefined, seq: 0 },
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
    expect([state.state, effects.map(({ type }) => type)]).toEqual(["ended", ["stopped"]]);
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

describe("a permit", () => {
  test("sets the bounds that it names; one of a broker that knows of none sets only how old a picture may be", () => {
    expect(boundsOf({ ...permit, maxLinear: 2, maxAngular: 3 })).toEqual({ blindMs: 200, stopMs: 1_000, maxLinear: 2, maxAngular: 3 });
    expect(boundsOf({ ...permit, stopMs: 700, blindMs: null })).toMatchObject({ stopMs: 700, blindMs: null });
    const { blindMs: _, stopMs: __, ...old } = permit;
    expect(boundsOf(old)).toEqual({ blindMs: null, stopMs: limits.control.stopMs.usual, maxLinear: null, maxAngular: null });
  });

  test("that the broker issued in what seems its future shows how far its clock is ahead [R1]", () => {
    const { tell, state } = after(welcomed);
    expect(state.known.broker.aheadMs).toBe(0);
    const { state: held } = tell(shown({ issuedAt: 10_000, expiresAt: 20_000 }));
    expect(tell(lost).state.known.broker.aheadMs).toBe(10_000);
    expect(held.state).toBe("armed");
    expect(tell({ type: "due" }, 9_999).state.state).toBe("armed");
    expect(tell({ type: "due" }, 10_000).state.state).toBe("idle");
  });

  test("that was issued in the past says nothing of the broker's clock", () => {
    const { tell } = after({ ...welcomed, serverTime: 5_000 } as Happening);
    expect(tell(shown({ issuedAt: 1_000 })).state.known.broker.aheadMs).toBe(5_000);
  });

  test.each([
    ["the same channels", 1],
    ["new channels", 2],
  ])("that is older than the one at hand shortens nothing, shown on %s [R1]", (_, pair) => {
    const { tell } = after(welcomed, shown({ issuedAt: 0, expiresAt: 300_000 }));
    tell(shown({ issuedAt: -1, expiresAt: 10_000 }, pair));
    expect(tell({ type: "due" }, 299_999).state.state).toBe("armed");
    expect(tell({ type: "due" }, 300_000).state.state).toBe("idle");
  });

  test.each([1, 2])("that is newer, or as new, is the one that counts, on the same channels and on others: %i [R1]", (pair) => {
    const { tell } = after(welcomed, shown({ expiresAt: 300_000 }));
    expect(nextOver(tell(shown({ expiresAt: 200_000 }, pair)).state)).toBe(200_000);
    expect(nextOver(tell(shown({ issuedAt: 1, expiresAt: 250_000 }, pair)).state)).toBe(250_000);
  });

  test("on new channels does not put off the question for a fresh one [R3]", () => {
    const { tell } = after(...armed, lost);
    tell(shown({}, 2), 4_000);
    expect(asked(tell({ type: "due" }, limits.control.askMs - 1))).toEqual([]);
    expect(asked(tell({ type: "due" }, limits.control.askMs))).toEqual([[2, { type: "renew", epoch: 1 }]]);
  });

  test("of a new epoch is asked for anew in its own time [R3]", () => {
    const { tell } = after(...armed, lost);
    tell(shown({ epoch: 2, issuedAt: 4_000 }), 4_000);
    expect(asked(tell({ type: "due" }, limits.control.askMs))).toEqual([]);
    expect(asked(tell({ type: "due" }, 4_000 + limits.control.askMs))).toEqual([[1, { type: "renew", epoch: 2 }]]);
  });

  test("of a new epoch stops a robot that moves; one of the same epoch does not [R6]", () => {
    expect(after(...driving).tell(shown({ issuedAt: 1 })).state.state).toBe("driving");
    expect(after(...driving).tell(shown({ epoch: 2 })).state).toMatchObject({ state: "stopping", reason: "epoch", greet: true });
  });

  test("without a blind time frees a robot that moves from it [R22]", () => {
    const { tell } = after({ type: "pictureAnnounced" }, ...armed, 900, command(1, { pictureAt: 0, sentAt: 900 }));
    tell(shown({ issuedAt: 1, blindMs: null }));
    expect(tell({ type: "due" }, 1_000).state.state).toBe("driving");
  });

  test("of a policy without any blind time gives a picture of this moment all of its speed [R23]", () => {
    const { tell } = after({ type: "pictureAnnounced" }, welcomed, shown({ blindMs: 0 }), answered);
    expect(tell(command(1, { pictureAt: 0 })).effects).toMatchObject([{ type: "command", obeyed: { limit: 1, blindMs: 0 } }, {}]);
  });
});

/** When a guard that stands loses its permit, as it sees it now. */
function nextOver(state: State): number {
  return state.state === "armed" ? state.holder.expiresAt : nextDeadline(state);
}

/** The questions for a fresh permit among what is sent, with the channels they go to. */
function asked({ effects }: ReturnType<typeof next>) {
  return effects.flatMap((one) => (one.type === "send" && one.message.type === "renew" ? [[one.pair, one.message]] : []));
}
