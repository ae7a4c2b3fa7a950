import { describe, expect, test } from "vitest";
import { type GamepadLike, isStopDown, read } from "../../../src/drive/input/gamepad.ts";
import { asStandard, found, keep, load, type Mapping } from "../../../src/drive/input/mapping.ts";
import { asksFor, begin, next, type State, skip } from "../../../src/drive/input/mapping-machine.ts";
import { loose } from "./pads.ts";

const mapping: Mapping = { ahead: { axis: 4, sign: 1 }, left: { axis: 2, sign: -1 }, hold: 7, stop: 0 };

/** A stick of no mapping that is known, whose third axis rests at one end, as a trigger does. */
const strange = ({ down = [], axes = {} }: { down?: readonly number[]; axes?: Readonly<Record<number, number>> } = {}): GamepadLike => ({
  ...loose({ id: "strange", mapping: "", down }),
  axes: [0, 0, 0, -1, 0].map((value, axis) => axes[axis] ?? value),
});

describe("a gamepad of another mapping", () => {
  const drive = (gamepad: GamepadLike) => read(read(undefined, asStandard(strange(), mapping)), asStandard(gamepad, mapping));

  test.each([
    ["ahead", { 4: 1 }, { linear: 1, angular: 0 }],
    ["back", { 4: -1 }, { linear: -1, angular: 0 }],
    ["to the left", { 2: -1 }, { linear: 0, angular: 1 }],
    ["to the right", { 2: 1 }, { linear: 0, angular: -1 }],
  ])("drives %s by its own axes, while its own button is held", (_, axes, wish) => {
    expect(drive(strange({ axes, down: [7] }))).toMatchObject({ condition: "held", wish });
    expect(drive(strange({ axes }))?.condition).toBe("free");
  });

  test("drives the third and fourth axis by its own second stick", () => {
    const both = { ...mapping, second: { ahead: { axis: 1, sign: 1 }, left: { axis: 0, sign: 1 } } } as const;
    const wish = (axes: Readonly<Record<number, number>>, by: Mapping) =>
      read(read(undefined, asStandard(strange(), by)), asStandard(strange({ axes, down: [7] }), by))?.wish;
    expect(wish({ 1: 1 }, both)).toEqual({ linear: 0, angular: 0, others: [1, 0] });
    expect(wish({ 0: 1 }, both)).toEqual({ linear: 0, angular: 0, others: [0, 1] });
    expect(wish({ 1: -1, 4: 1 }, { ...both, second: { ahead: both.second.ahead } })).toEqual({ linear: 1, angular: 0, others: [-1, 0] });
  });

  test("stops by its own button", () => {
    expect(isStopDown(asStandard(strange({ down: [0] }), mapping))).toBe(true);
    expect(isStopDown(asStandard(strange({ down: [1] }), mapping))).toBe(false);
  });

  test("that has fewer axes than it had drives nothing", () => {
    expect(drive({ ...strange({ down: [7] }), axes: [0, 1] })?.condition).not.toBe("held");
  });
});

test("the first that can be read is taken, one that was mapped by its mapping, and else the first is unknown", () => {
  const standard = loose({ id: "known" });
  expect(found([null, strange(), { ...standard, connected: false }, standard], {})).toMatchObject({
    state: "known",
    gamepad: { id: "known" },
  });
  expect(found([strange(), standard], { strange: mapping })).toMatchObject({ state: "known", mapping, gamepad: { id: "strange" } });
  expect(found([null, strange()], {})).toMatchObject({ state: "unknown", gamepad: { id: "strange" } });
  expect(found([null, { ...strange(), connected: false }], {})).toEqual({ state: "none" });
});

test("a mapping is kept by the gamepad's name until it is forgotten, and what makes no sense is none", () => {
  const kept = new Map<string, string>();
  const storage = { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value) };
  expect(load(storage)).toEqual({});
  keep(storage, "strange", mapping);
  keep(storage, "other", mapping);
  keep(storage, "other", undefined);
  expect(load(storage)).toEqual({ strange: mapping });
  for (const nonsense of ["{", "[]", '{"strange":{"hold":-1}}']) {
    kept.set("tether.gamepads", nonsense);
    expect(load(storage)).toEqual({});
  }
});

describe("mapping", () => {
  const play = (...gamepads: GamepadLike[]) => gamepads.reduce<State>(next, begin(strange(), 2));
  const ahead = strange({ axes: { 4: 0.9 } });
  const left = strange({ axes: { 2: -0.9 } });

  test("asks for one after the other, each once all is at rest, and comes to a mapping", () => {
    const pressed = [ahead, left, strange({ down: [7] }), strange({ down: [0] })];
    for (const [index, ask] of asksFor(2).entries()) {
      const before = pressed.slice(0, index).flatMap((one) => [one, strange()]);
      expect(play(...before)).toMatchObject({ state: "asking", ask });
    }
    expect(play(...pressed.flatMap((one) => [one, strange()]))).toEqual({ state: "done", mapping });
  });

  test.each([
    [3, { ahead: { axis: 1, sign: -1 } }],
    [4, { ahead: { axis: 1, sign: -1 }, left: { axis: 0, sign: 1 } }],
    [7, { ahead: { axis: 1, sign: -1 }, left: { axis: 0, sign: 1 } }],
  ])("asks for a second stick where the robot has %i axes, and for no axis twice", (axes, second) => {
    const pushes = [
      ahead,
      left,
      strange({ down: [7] }),
      strange({ down: [0] }),
      ahead,
      strange({ axes: { 1: -1 } }),
      strange({ axes: { 0: 1 } }),
    ];
    const state = pushes.flatMap((one) => [one, strange()]).reduce<State>(next, begin(strange(), axes));
    expect(state).toEqual({ state: "done", mapping: { ...mapping, second } });
  });

  test("a second stick that is not there can be left out, and what is needed cannot", () => {
    const before = begin(strange(), 4);
    expect(skip(before)).toBe(before);
    const asked = [ahead, left, strange({ down: [7] }), strange({ down: [0] })]
      .flatMap((one) => [one, strange()])
      .reduce<State>(next, before);
    expect(asked).toMatchObject({ state: "asking", ask: "secondAhead" });
    expect(skip(asked)).toEqual({ state: "done", mapping });
  });

  test.each<[string, readonly GamepadLike[], object]>([
    ["a stick that is pushed a little", [strange({ axes: { 4: 0.5 } })], { state: "asking", ask: "ahead" }],
    ["a stick that is not let go", [ahead, ahead], { state: "releasing", after: "ahead" }],
    ["the same axis for both directions", [ahead, strange(), ahead], { state: "asking", ask: "left" }],
    [
      "one button for both",
      [ahead, strange(), left, strange(), strange({ down: [7] }), strange(), strange({ down: [7] })],
      { state: "asking", ask: "stop" },
    ],
  ])("is not led astray by %s", (_, gamepads, state) => {
    expect(play(...gamepads)).toMatchObject(state);
  });
});
