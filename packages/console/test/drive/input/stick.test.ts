import { fc, test } from "@fast-check/vitest";
import { expect, test as plain } from "vitest";
import { rest } from "../../../src/drive/input/input.ts";
import { wished } from "../../../src/drive/input/stick.ts";

const dead = 0.15;

plain("a stick within its dead zone wants nothing, at its edge all, and half way between half", () => {
  expect(wished({ x: 0, y: dead }, dead)).toEqual(rest);
  expect(wished({ x: 0, y: dead + 1e-9 }, dead).linear).toBeGreaterThan(0);
  expect(wished({ x: 0, y: (1 + dead) / 2 }, dead).linear).toBeCloseTo(0.5);
  expect(wished({ x: 0, y: -1 }, dead)).toEqual({ linear: -1, angular: 0 });
});

plain("to the right is clockwise, so less than zero", () => {
  expect(wished({ x: 1, y: 0 }, dead)).toEqual({ linear: 0, angular: -1 });
});

test.prop([fc.double(), fc.double()])("wherever it stands, it wants no more than there is", (x, y) => {
  const { linear, angular } = wished({ x, y }, dead);
  expect(Math.hypot(linear, angular)).toBeLessThanOrEqual(1 + 1e-9);
});

const within = fc.double({ min: -1, max: 1, noNaN: true });

test.prop([within, within])("the direction stays, and the dead zone is round", (x, y) => {
  const { linear, angular } = wished({ x, y }, dead);
  expect(linear === 0 && angular === 0).toBe(Math.hypot(x, y) <= dead);
  expect(linear * x + angular * y).toBeCloseTo(0);
});

test.prop([within, within, fc.double({ min: 0, max: 1, noNaN: true })])("further out wants no less", (x, y, part) => {
  const far = wished({ x, y }, dead);
  const near = wished({ x: x * part, y: y * part }, dead);
  expect(Math.hypot(near.linear, near.angular)).toBeLessThanOrEqual(Math.hypot(far.linear, far.angular) + 1e-9);
});
