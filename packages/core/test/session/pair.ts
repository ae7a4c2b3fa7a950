import { expect } from "vitest";
import type { RawEnd } from "../../../local/test/world/raw-end.ts";
import { createWorld, operator, type World } from "../../../local/test/world/world.ts";

export const signal = (to: RawEnd, seq = 1, data: object = { kind: "app", body: seq }) => ({
  type: "signal",
  to: to.session,
  stream: 1,
  seq,
  data,
});
export const candidate = { kind: "candidate", candidate: "candidate:1", sdpMid: "0", sdpMLineIndex: 0 };

export const other = { instance: "ins_bbbbbbbb" };

export async function pair() {
  const world = await createWorld();
  const robot = await world.createRobot();
  return { world, robot, robotEnd: await world.join(robot), client: await world.join(robot, operator) };
}

export async function expectTalk(world: World, one: RawEnd, another: RawEnd): Promise<void> {
  for (const end of [one, another]) end.clear();
  await world.say(one, signal(another));
  await world.say(another, signal(one));
  expect([one.all("signal").length, another.all("signal").length]).toEqual([1, 1]);
}
