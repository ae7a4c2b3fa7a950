import { expect, test } from "vitest";
import { pad } from "./pads.ts";
import { rig, stopped, w, wUp } from "./steering-rig.ts";

test("a gamepad drives once it was seen in its middle, and stops when it is back there", async () => {
  const { become, advance, heard } = rig();
  become(pad({ axes: [0, -1] }));
  await advance(1_000);
  expect(heard()).toEqual([]);
  become(pad());
  await advance(50);
  become(pad({ axes: [0, -1] }));
  await advance(100);
  expect(heard()).toEqual(["0.125 0", "0.25 0"]);
  become(pad());
  await advance(1_000);
  expect(heard()).toEqual(stopped);
});

test("a gamepad that was held while another source drove has to come back to its middle first", async () => {
  const { become, advance, heard, tell } = rig();
  become(pad());
  await advance(50);
  tell(w);
  become(pad({ axes: [0, -1] }));
  await advance(100);
  heard();
  tell(wUp);
  await advance(500);
  expect(heard()).toEqual(stopped);
});

test.each<[string, (rigged: ReturnType<typeof rig>) => unknown]>([
  ["is unplugged", ({ become }) => become(undefined)],
  ["has an axis that is no number", ({ become }) => become(pad({ axes: [0, Number.NaN] }))],
  ["is not allowed to drive any more", ({ tell }) => tell({ type: "closed" })],
])("a gamepad that %s is released", async (_, happen) => {
  const rigged = rig();
  const { become, advance, heard } = rigged;
  become(pad());
  await advance(50);
  become(pad({ axes: [0, -1] }));
  await advance(50);
  expect(heard()).toEqual(["0.125 0"]);
  await happen(rigged);
  await advance(50);
  expect(heard().slice(-2)).toEqual(stopped);
  await advance(3_000);
  expect(heard()).toEqual([]);
});
