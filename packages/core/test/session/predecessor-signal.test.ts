import type { SessionId } from "@tether/protocol/id";
import { expect, test } from "vitest";
import { minute, pass } from "../../../local/test/world/pass.ts";
import { startSdkClient, startSdkRobot } from "../../../local/test/world/sdk-end.ts";
import { createWorld, operator, viewer } from "../../../local/test/world/world.ts";
import { candidate, pair, signal } from "./pair.ts";

/** Failures of the system that this one replaces. Each name tells the failure, which was reproduced there, and what happens here. */

test("expired token still relays: here the lease is looked at with every frame [S12]", async () => {
  const { world, robot, robotEnd } = await pair();
  const client = await world.join(robot, viewer, { lifeMs: 5 * minute });
  await pass(world, 5 * minute, robotEnd, client);
  await world.say(client, signal(robotEnd));
  expect([client.last("problem")?.code, robotEnd.all("signal")]).toEqual(["session.expired", []]);
});

test("candidate overtakes offer: here the receiver puts them in order, each once [S4]", async () => {
  const world = await createWorld({ seed: 8 });
  const robot = await world.createRobot();
  const [robotEnd, client] = [await startSdkRobot(world, robot), await startSdkClient(world, robot, operator)];
  const got: string[] = [];
  robotEnd.session.on("signal", ({ data }) => void got.push(data.kind === "candidate" ? String(data.candidate) : data.kind));
  world.system.faults.set([
    { name: "reorder.invoke", windowMs: 400 },
    { name: "reorder.post", windowMs: 400 },
    { name: "post.doubled", rate: 0.3 },
  ]);
  const send = (data: object) => client.session.send(robotEnd.session.id as SessionId, data as never);
  send({ kind: "offer", sdp: "v=0" });
  for (let n = 1; n <= 20; n++) send({ ...candidate, candidate: `candidate:${n}` });
  await world.clock.advance(minute);
  expect(got).toEqual(["offer", ...Array.from({ length: 20 }, (_, n) => `candidate:${n + 1}`)]);
});

test("a second user forges an answer as the robot: here who speaks is the broker's word, and clients cannot reach each other [S1, S2]", async () => {
  const { world, robot, robotEnd, client } = await pair();
  const second = await world.join(robot, viewer);
  const answer = { kind: "answer", sdp: "v=0 forged" };
  await world.say(second, { ...signal(client, 1, answer), from: robotEnd.session });
  await world.say(second, { ...signal(robotEnd, 2, answer), from: client.session });
  expect([second.last("problem")?.code, client.all("signal")]).toEqual(["signal.target", []]);
  expect(robotEnd.all("signal").map(({ from }) => from)).toEqual([second.session]);
});
