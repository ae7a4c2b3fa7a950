import { expect, test } from "vitest";
import { type Code, codes, isCode, lift, press, spend, untouched, wish } from "../../../src/drive/input/keyboard.ts";

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

test("there are eight keys, and names that all objects have are none", () => {
  expect(codes).toHaveLength(8);
  expect(["Escape", "Space", "w", "toString", "__proto__"].filter(isCode)).toEqual([]);
});
