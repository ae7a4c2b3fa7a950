import { fc, test as property } from "@fast-check/vitest";
import { expect, test } from "vitest";
import { nearest } from "../src/nearest.ts";

const words = ["sign-in", "robot", "why", "doctor", "list"];

test.each([
  ["signin", "sign-in"],
  ["sing-in", "sign-in"],
  ["Robots", "robot"],
  ["wyh", "why"],
  ["doktr", "doctor"],
  ["lists", "list"],
  ["wh", "why"],
  ["how", undefined],
  ["fly", undefined],
  ["", undefined],
  ["rbt", undefined],
])("%s is taken for %s", (typed, meant) => {
  expect(nearest(typed, words)).toBe(meant);
});

test("of several words the one with the fewest changes is meant", () => {
  expect(nearest("Rover 2", ["Rover 11", "Rover 1", "Rover 2b"])).toBe("Rover 1");
  expect(nearest("Rover2", ["Rover 11", "Rover 2", "Rover 2b"])).toBe("Rover 2");
});

property.prop([fc.string({ minLength: 1, maxLength: 20 }), fc.nat(19), fc.string({ minLength: 1, maxLength: 1 })])(
  "a word is meant though one letter of it is left out, doubled or another",
  (word, at, letter) => {
    const cut = at % word.length;
    for (const typed of [
      word.slice(0, cut) + word.slice(cut + 1),
      word.slice(0, cut) + word[cut] + word.slice(cut),
      word.slice(0, cut) + letter + word.slice(cut + 1),
    ])
      expect(nearest(typed, [word])).toBe(word);
  },
);
