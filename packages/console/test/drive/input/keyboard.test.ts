import { expect, test } from "vitest";
import { axisOf, type Code, codes, isCode, lettersOf, lift, press, spend, untouched, wish } from "../../../src/drive/input/keyboard.ts";

const down = (...keys: Code[]) => keys.reduce((keyboard, key) => press(keyboard, key, true), untouched);

test.each<[Code, Code, number, number]>([
  ["KeyW", "ArrowUp", 1, 0],
  ["KeyS", "ArrowDown", -1, 0],
  ["KeyA", "ArrowLeft", 0, 1],
  ["KeyD", "ArrowRight", 0, -1],
])("%s and %s mean the same, alone and together", (letter, arrow, linear, angular) => {
  for (const keys of [[letter], [arrow], [letter, arrow]]) expect(wish(down(...keys))).toEqual({ linear, angular });
});

test("opposite keys cancel each other, whichever hand they are under", () => {
  expect(wish(down("KeyW", "ArrowDown", "ArrowUp"))).toEqual({ linear: 0, angular: 0 });
  expect(wish(down("KeyA", "KeyD", "KeyW"))).toEqual({ linear: 1, angular: 0 });
  expect(wish(lift(down("KeyA", "KeyD"), "KeyA"))).toEqual({ linear: 0, angular: -1 });
});

test("Shift makes it half", () => {
  expect(wish({ ...down("KeyW", "KeyD"), isSlow: true })).toEqual({ linear: 0.5, angular: -0.5 });
});

test("a key that was spent drives once it was up and is pressed anew", () => {
  const spent = spend(down("KeyW"));
  expect(wish(spent)).toBeUndefined();
  expect(wish(press(spent, "KeyW", true))).toBeUndefined();
  expect(wish(press(spent, "KeyA", true))).toEqual({ linear: 0, angular: 1 });
  expect(wish(press(lift(spent, "KeyW"), "KeyW", true))).toEqual({ linear: 1, angular: 0 });
});

test("a key that was pressed for something else does not drive", () => {
  expect(wish(press(untouched, "KeyW", false))).toBeUndefined();
  expect(wish(press(press(untouched, "KeyW", false), "KeyW", true))).toBeUndefined();
});

test("a further axis has letters of its own, two each, and the others stay at rest", () => {
  expect(wish(down("KeyR"))).toEqual({ linear: 0, angular: 0, others: [1] });
  expect(wish(down("KeyF", "KeyW"))).toEqual({ linear: 1, angular: 0, others: [-1] });
  expect(wish({ ...down("KeyE", "KeyT"), isSlow: true })).toEqual({ linear: 0, angular: 0, others: [0, -0.5, 0.5] });
  expect([0, 2, 6].map(lettersOf)).toEqual(["W S", "R F", undefined]);
  expect(codes.map(axisOf).toSorted()).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);
});

test("there are sixteen keys, and names that all objects have are none", () => {
  expect(codes).toHaveLength(16);
  expect(["Escape", "Space", "w", "toString", "__proto__"].filter(isCode)).toEqual([]);
});
