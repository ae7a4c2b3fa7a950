import { expect, test } from "vitest";
import type { Happening } from "../../../src/drive/input/machine.ts";
import { createSteering } from "../../../src/drive/input/steering.ts";
import { pad } from "./pads.ts";
import { ahead, d, rig, stopped, w, wUp } from "./steering-rig.ts";

test("a held key is sent at once and 20 times a second, rising, and a single zero follows its release", async () => {
  const { tell, advance, heard } = rig();
  tell(w);
  expect(heard()).toEqual(["0.125 0"]);
  await advance(1_000);
  const sent = heard();
  expect(sent).toHaveLength(20);
  expect(sent.slice(0, 8)).toEqual(["0.25 0", "0.375 0", "0.5 0", "0.625 0", "0.75 0", "0.875 0", "1 0", "1 0"]);
  await advance(10);
  tell(wUp);
  expect(heard()).toEqual(stopped);
  await advance(5_000);
  expect(heard()).toEqual([]);
});

test("a timer runs only while something drives or a gamepad may, and never two", async () => {
  const pending = new Set<() => void>();
  const after = (_: number, run: () => void) => {
    pending.add(run);
    return () => void pending.delete(run);
  };
  const env = { clock: { now: () => 0, after }, gamepad: () => undefined, send: () => true, released: () => {} };
  const { tell } = createSteering(env);
  const counts = [w, d, wUp, { type: "lifted", code: "KeyD" } as const].map((happening) => {
    tell({ type: "opened" });
    tell(happening);
    return pending.size;
  });
  expect(counts).toEqual([1, 1, 1, 0]);
  tell({ type: "plugged", gamepad: pad() });
  expect(pending.size).toBe(1);
  tell({ type: "closed" });
  expect(pending.size).toBe(0);
});

test("an input that is held when driving is no longer allowed has to be pressed anew once it is", async () => {
  const { tell, advance, heard } = rig();
  tell(w, { type: "closed" });
  expect(heard().slice(1)).toEqual(stopped);
  tell({ type: "opened" }, w, w);
  await advance(1_000);
  expect(heard()).toEqual([]);
  tell(wUp, w);
  expect(heard()).toEqual(["0.125 0"]);
});

test("a key that went down before driving was allowed does not drive", async () => {
  const { tell, advance, heard } = rig();
  tell({ type: "closed" }, w, { type: "opened" });
  await advance(1_000);
  expect(heard()).toEqual([]);
});

test("the first that is held drives until it is released, and no other takes over", async () => {
  const { tell, advance, heard, state } = rig();
  tell({ type: "taken", stick: ahead }, w);
  await advance(500);
  expect(state()).toMatchObject({ state: "driving", source: "joystick" });
  heard();
  tell({ type: "released", dial: 0 });
  await advance(500);
  expect(heard()).toEqual(stopped);
  tell(wUp, w);
  expect(state()).toMatchObject({ state: "driving", source: "keyboard" });
});

test("a key that is used for something else stops what the keyboard drives, and nothing else", () => {
  const { tell, heard } = rig();
  tell(w, d, { type: "typed" });
  expect(heard().slice(1)).toEqual(stopped);
  tell({ type: "taken", stick: ahead }, { type: "typed" });
  expect(heard()).toEqual(["0.125 0"]);
});

test("the joystick follows where it is moved, up to its edge and no further", async () => {
  const { tell, advance, heard } = rig();
  tell({ type: "taken", stick: ahead });
  await advance(400);
  tell({ type: "moved", stick: { x: 0, y: 7 } });
  await advance(50);
  expect(heard().at(-1)).toBe("1 0");
  tell({ type: "moved", stick: { x: -0.55, y: 0 } });
  await advance(400);
  expect(heard().at(-1)).toMatch(/^0 0\.5/);
});

test("several joysticks drive together, each under its finger, until the last is let go", async () => {
  const { tell, advance, heard } = rig();
  tell({ type: "taken", stick: ahead });
  await advance(400);
  tell({ type: "taken", stick: { x: 0, y: -1, dial: 1 } });
  await advance(400);
  expect(heard().at(-1)).toBe("1 0 -1 0");
  tell({ type: "moved", stick: { x: -1, y: 0, dial: 1 } }, { type: "moved", stick: { x: 0, y: 0.55 } });
  await advance(400);
  expect(heard().at(-1)).toMatch(/^0\.5\d* 0 0 1$/);
  tell({ type: "released", dial: 0 });
  await advance(50);
  expect(heard().at(-1)).toBe("0 0 0 1");
  // The one that was let go drives no more before it is taken anew.
  tell({ type: "moved", stick: ahead });
  await advance(50);
  expect(heard()).toEqual(["0 0 0 1"]);
  tell({ type: "released", dial: 1 });
  expect(heard()).toEqual(stopped);
});

test("a joystick that is taken while another source drives is none", async () => {
  const { tell, advance, heard } = rig();
  tell(w, { type: "taken", stick: { x: 0, y: 1, dial: 1 } });
  await advance(400);
  expect(heard().at(-1)).toBe("1 0");
  tell(wUp, { type: "moved", stick: { x: 0, y: 1, dial: 1 } });
  expect(heard()).toEqual(stopped);
});

test("after it was released the joystick says nothing before it is taken anew", async () => {
  const { tell, advance, heard } = rig();
  tell({ type: "taken", stick: ahead }, { type: "closed" }, { type: "opened" });
  heard();
  tell({ type: "moved", stick: ahead });
  await advance(500);
  expect(heard()).toEqual([]);
});

test("a page that stood still for half a second sends no burst and drives no further", async () => {
  const { tell, advance, heard, lose } = rig();
  tell(w);
  await advance(100);
  heard();
  lose(600);
  await advance(50);
  expect(heard()).toEqual(stopped);
  await advance(1_000);
  expect(heard()).toEqual([]);
});

test("a clock that is set back while something drives is a release", async () => {
  const { tell, advance, heard, lose } = rig();
  tell(w);
  lose(-3_600_000);
  await advance(5_000);
  expect(heard().slice(1)).toEqual(stopped);
});

test("a page that was busy for less goes on as gently as before", async () => {
  const { tell, advance, heard, lose } = rig();
  tell(w);
  lose(400);
  await advance(50);
  expect(heard()).toEqual(["0.125 0", "0.375 0"]);
});

test("its end releases what is held, and nothing is heard or sent afterwards", async () => {
  const { tell, advance, heard, end } = rig();
  tell(w);
  end();
  expect(heard().slice(1)).toEqual(stopped);
  tell(wUp, { type: "opened" }, w, { type: "taken", stick: ahead });
  await advance(1_000);
  expect(heard()).toEqual([]);
});

test.each<[string, Happening, Happening]>([
  ["a key", w, wUp],
  ["the joystick", { type: "taken", stick: ahead }, { type: "released", dial: 0 }],
])("%s whose command is not obeyed is locked until it is let go and pressed anew", async (_, press, lift) => {
  const { tell, advance, heard, obey } = rig();
  tell(press);
  await advance(50);
  obey(false);
  await advance(50);
  expect(heard().slice(-2)).toEqual(stopped);
  obey(true);
  tell(press);
  await advance(1_000);
  if (press.type === "pressed") expect(heard()).toEqual([]);
  heard();
  tell(lift, press);
  expect(heard().at(-1)).toBe("0.125 0");
});
