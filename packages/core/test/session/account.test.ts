import { expect, test } from "vitest";
import { createWorld, operator, owner } from "../../../local/test/world/world.ts";

type Entry = { readonly type: string; readonly says: string; readonly cause?: string; readonly evidence?: object };

async function start() {
  const world = await createWorld();
  const robot = await world.createRobot();
  const timeline = async () => (await world.call<{ items: Entry[] }>("GET", `/v1/robots/${robot.id}/timeline`, { as: owner })).body.items;
  return { world, robot, timeline };
}

test("a robot that leaves says why, and everyone reads it [P9]", async () => {
  const { world, robot, timeline } = await start();
  const [robotEnd, client] = [await world.join(robot), await world.join(robot, operator)];
  const why = { cause: "driver.ended", status: 139, signal: "SIGSEGV" } as const;
  await world.say(robotEnd, { type: "leave", reason: "The driver ended.", why });
  const { cause, ...evidence } = why;
  expect(client.last("peer.ended")).toMatchObject({
    session: robotEnd.session,
    cause,
    evidence: { ...evidence, reason: "The driver ended." },
  });
  const [entry] = (await timeline()).filter(({ type }) => type === "session.ended");
  expect(entry).toMatchObject({ cause, evidence });
  expect(entry?.says).toContain("driver ended");
});

test("what ended a robot's run before stands where it comes online [P9]", async () => {
  const { world, robot, timeline } = await start();
  await world.join(robot, undefined, { before: { cause: "power.lost" } });
  expect((await timeline()).filter(({ type }) => type === "session.online")).toEqual([expect.objectContaining({ cause: "power.lost" })]);
});

test("a client's word of what befell it, and a cause that the broker does not know, count for nothing [P9]", async () => {
  const { world, robot, timeline } = await start();
  const [robotEnd, client] = [await world.join(robot), await world.join(robot, operator, { before: { cause: "power.lost" } })];
  await world.say(client, { type: "report", account: { cause: "agent.hung" } });
  await world.say(client, { type: "leave", why: { cause: "agent.hung" } });
  expect(robotEnd.last("peer.ended")).toMatchObject({ cause: "client.left" });
  await world.say(robotEnd, JSON.parse('{"type":"leave","why":{"cause":"driver.sulked"}}'));
  const causes = (await timeline()).map(({ cause }) => cause).filter((cause) => cause !== undefined);
  expect(causes.sort()).toEqual(["client.left", "robot.left"]);
});

test("what befell a robot stands on the timeline while its session goes on, the same once in 10 s [P10]", async () => {
  const { world, robot, timeline } = await start();
  const robotEnd = await world.join(robot);
  const reported = async () => (await timeline()).filter(({ type }) => type === "robot.reported");
  await world.clock.advance(10_000 - (world.clock.now() % 10_000));
  await world.say(robotEnd, { type: "report", account: { cause: "agent.hung" } });
  await world.clock.advance(9_999);
  await world.say(robotEnd, { type: "report", account: { cause: "agent.hung" } });
  expect(await reported()).toEqual([expect.objectContaining({ cause: "agent.hung", says: expect.stringContaining("did not get to run") })]);
  await world.clock.advance(1);
  await world.say(robotEnd, { type: "report", account: { cause: "agent.hung" } });
  expect((await reported()).length).toBe(2);
});
