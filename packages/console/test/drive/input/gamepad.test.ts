import { expect, test } from "vitest";
import { type GamepadLike, hold, isStopDown, type Pad, read, stop } from "../../../src/drive/input/gamepad.ts";
import { loose, pad } from "./pads.ts";

const ahead = { axes: [0, -1, 0, 0] };

/** Reads one after the other. */
function readAll(...pads: readonly (GamepadLike | undefined)[]): Pad | undefined {
  return pads.reduce<Pad | undefined>((before, one) => read(before, one), undefined);
}

test("a stick that was pushed before it was seen in its middle does not drive until it is", () => {
  expect(readAll(pad(ahead), pad(ahead))?.condition).toBe("spent");
  expect(readAll(pad(ahead), pad(), pad(ahead))).toMatchObject({ condition: "held", wish: { linear: 1, angular: 0 } });
});

test("a stick that rests beside its middle drives only when it leaves the dead zone", () => {
  expect(readAll(pad(), pad({ axes: [0.1, -0.1] }))?.condition).toBe("free");
  expect(readAll(pad(), pad({ axes: [0.12, -0.12] }))?.condition).toBe("held");
});

test("the cross drives too, comes before the stick, and cancels itself", () => {
  expect(readAll(pad(), pad({ ...ahead, down: [13] }))?.wish).toEqual({ linear: -1, angular: 0 });
  expect(readAll(pad(), pad({ down: [14] }))?.wish).toEqual({ linear: 0, angular: 1 });
  expect(readAll(pad(), pad({ down: [15, 12] }))?.wish).toEqual({ linear: 1, angular: -1 });
  expect(readAll(pad(), pad({ down: [12, 13] }))?.condition).toBe("free");
});

test("a stick that is held still, as at its edge for a long straight, goes on counting while it is connected", () => {
  const edge = pad(ahead);
  const held = readAll(pad(), pad(), ...Array.from({ length: 1_200 }, () => edge));
  expect(held?.condition).toBe("held");
  expect(read(held, undefined)).toBeUndefined();
});

test.each<[string, GamepadLike]>([
  ["no number", pad({ axes: [0, Number.NaN] })],
  ["an endless number", pad({ axes: [0, Number.NEGATIVE_INFINITY] })],
  ["missing", pad({ axes: [0] })],
])("an axis that is %s is a release, and no middle either", (_, broken) => {
  expect(readAll(pad(), pad(ahead), broken)?.condition).toBe("spent");
  expect(readAll(broken, broken, pad(ahead))?.condition).toBe("spent");
});

test("another gamepad in the place of one has to be seen in its middle anew", () => {
  expect(readAll(pad(), pad(), pad({ ...ahead, id: "other" }))?.condition).toBe("spent");
  expect(readAll(pad(), undefined, pad(ahead))?.condition).toBe("spent");
});

test("a stick drives only while a shoulder is held, either of them, and one that is let go has to be held anew", () => {
  expect(readAll(loose(), loose(ahead))?.condition).toBe("free");
  for (const shoulder of [hold.left, hold.right])
    expect(readAll(loose(), loose({ ...ahead, down: [shoulder] }))).toMatchObject({ condition: "held", wish: { linear: 1 } });
  expect(readAll(loose(), pad(ahead), loose(ahead))?.condition).toBe("free");
  // A stick that was held when the browser first showed the gamepad does not drive off.
  expect(readAll(pad(ahead), pad(ahead), loose(ahead), pad(ahead))?.condition).toBe("held");
});

test("STOP is read whatever else is pressed", () => {
  expect([isStopDown(loose({ down: [stop] })), isStopDown(pad({ ...ahead, down: [stop] })), isStopDown(pad())]).toEqual([
    true,
    true,
    false,
  ]);
});

test("the right stick drives the third axis and the fourth, beside the left one, and alone holds the gamepad too", () => {
  const both = pad({ axes: [0, -1, 0, 1] });
  expect(readAll(pad(), both)?.wish).toEqual({ linear: 1, angular: 0, others: [-1, 0] });
  const right = pad({ axes: [0, 0, -1, 0] });
  expect(readAll(pad(), right)).toMatchObject({ condition: "held", wish: { linear: 0, angular: 0, others: [0, 1] } });
  expect(readAll(pad(), pad({ axes: [0, 0, Number.NaN, 0] }))?.condition).toBe("spent");
});
