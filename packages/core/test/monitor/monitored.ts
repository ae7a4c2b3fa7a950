import type { RawEnd } from "../../../local/test/world/raw-end.ts";
import { createWorld, operator, owner } from "../../../local/test/world/world.ts";

export const features = ["monitor"];

export const signal = (to: { session: string }, seq: number, data: object = { kind: "app", body: seq }) => ({
  type: "signal",
  to: to.session,
  stream: 1,
  seq,
  data,
});

export const candidate = { kind: "candidate", candidate: "candidate:1", sdpMid: "0", sdpMLineIndex: 0 };

/** A robot, an operator, and an owner who monitors them. */
export async function monitored() {
  const world = await createWorld();
  const robot = await world.createRobot();
  const [robotEnd, client] = [await world.join(robot), await world.join(robot, operator)];
  const monitor = await world.join(robot, owner, { features });
  return { world, robot, robotEnd, client, monitor };
}

export const seen = (monitor: RawEnd) => monitor.all("frame.seen");
