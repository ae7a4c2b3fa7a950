import { limits } from "@tether/protocol/limits";
import { expect, test } from "vitest";
import { attended } from "../../../local/test/world/attended.ts";
import { createWorld, operator, owner, viewer } from "../../../local/test/world/world.ts";

const { keptMs } = limits.control;

test("the timeline says who drove, from when to when, and why it ended [D16]", async () => {
  const { world, robot, driver, boss } = await attended();
  const start = world.clock.now();
  await world.say(driver, { type: "control.request" });
  await world.clock.advance(1_000);
  await world.say(boss, { type: "control.request" });
  await world.say(driver, { type: "control.deny", to: boss.session, reason: "busy" });
  await world.say(boss, { type: "control.take", reason: "obstacle" });
  await world.clock.advance(1_000);
  boss.socket.close(1001);
  await world.clock.advance(keptMs + 60_000);
  const entries = (await world.timeline(robot)).filter(({ type }) => type.startsWith("control.")).reverse();
  expect(entries.map(({ type, session }) => [type, session])).toEqual([
    ["control.granted", driver.session],
    ["control.requested", boss.session],
    ["control.denied", boss.session],
    ["control.taken", boss.session],
    ["control.away", boss.session],
    ["control.expired", boss.session],
  ]);
  const [granted, , denied, taken, , expired] = entries;
  expect(granted).toMatchObject({ at: start, epoch: 1 });
  expect(denied).toMatchObject({ evidence: { reason: "busy" } });
  expect(taken).toMatchObject({ at: start + 1_000, epoch: 2, evidence: { since: start, reason: "obstacle" } });
  expect(expired).toMatchObject({ epoch: 2, actor: { type: "system" }, evidence: { since: start + 1_000 } });
  expect(taken?.says).toMatch(/^\S.* took control from \S.*\.$/);
  for (const { says } of entries) expect(says).not.toContain("someone");
});

test("control comes, is taken, kept and lost without a session's item being written [D15]", async () => {
  const { world, robot, driver, boss } = await attended();
  const items = async () => Promise.all(["robot", driver.session, boss.session].map((slot) => world.item(robot, slot)));
  const before = await items();
  await world.say(driver, { type: "control.request" });
  await world.say(boss, { type: "control.request" });
  await world.say(boss, { type: "control.take", reason: "mine" });
  await world.say(boss, { type: "control.renew", epoch: 2 });
  await world.say(boss, { type: "control.give", to: driver.session });
  await world.say(driver, { type: "control.release" });
  expect(await items()).toEqual(before);
});

test("control that is given where nobody looks on is one write, and where somebody does the robot's notice is noted with it [D21]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const [robotEnd, driver] = [await world.join(robot), await world.join(robot, operator)];
  const writes = async (frame: object) => {
    world.system.requests.reset();
    await world.say(driver, frame);
    return world.system.requests.counts().TransactWriteItems;
  };
  expect(await writes({ type: "control.request" })).toBe(1);
  await world.say(driver, { type: "control.release" });
  const watcher = await world.join(robot, viewer);
  expect(await writes({ type: "control.request" })).toBe(2);
  await world.say(driver, { type: "control.release" });
  watcher.socket.close(1001);
  await world.idle();
  expect(await writes({ type: "control.request" })).toBe(1);
  expect([robotEnd.all("control.changed").length, watcher.all("control.changed").length]).toEqual([5, 2]);
});

test("a crash between a holder's going and the note of it is made good by whoever asks [D5, D7]", async () => {
  const { world, driver, boss, robotEnd } = await attended();
  await world.say(driver, { type: "control.request" });
  let writes = 0;
  world.system.requests.before((operation) => (operation === "TransactWriteItems" && ++writes > 1 ? "cut" : "pass"));
  driver.socket.close(1001);
  await world.idle();
  world.system.requests.before(undefined);
  expect(robotEnd.last("control.changed")?.because).toBe("granted");
  const goneAt = world.clock.now();
  await world.say(boss, { type: "control.request" });
  expect(boss.last("control.asked")?.answerBy).toBeLessThanOrEqual(goneAt + keptMs);
  await world.clock.advance(keptMs);
  await world.say(boss, { type: "control.request" });
  expect(boss.last("control.granted")?.control.epoch).toBe(3);
});

test("an owner sets how a robot is driven: the next grant, welcome and the robot's page say so [D18]", async () => {
  const { world, robot, driver, policy } = await attended();
  const path = `/v1/robots/${robot.id}`;
  const usual = {
    deadmanMs: 500,
    maxAgeMs: 500,
    blindMs: 200,
    stopMs: 1_000,
    maxLinear: null,
    maxAngular: null,
    unanswered: "deny",
    takers: "owner",
  };
  const read = await world.call("GET", path, { as: viewer });
  expect(read.body).toMatchObject({ control: usual, grace: { robotMs: 600_000, clientMs: 120_000 } });
  await world.say(driver, { type: "control.request" });
  const changed = await policy({ deadmanMs: 300 });
  expect(changed).toMatchObject({ status: 200, body: { name: "Rover", control: { ...usual, deadmanMs: 300 } } });
  await policy({ takers: "operator" });
  await world.say(driver, { type: "control.renew", epoch: 1 });
  const payload = driver.last("control.granted")?.permit.split(".")[1] ?? "";
  expect(JSON.parse(Buffer.from(payload, "base64url").toString())).toMatchObject({ epoch: 1, deadmanMs: 300 });
  await policy({ blindMs: null, maxLinear: 1.5 });
  await world.say(driver, { type: "control.renew", epoch: 1 });
  const bounded = driver.last("control.granted")?.permit.split(".")[1] ?? "";
  expect(JSON.parse(Buffer.from(bounded, "base64url").toString())).toMatchObject({ blindMs: null, stopMs: 1_000, maxLinear: 1.5 });
  const configured = (await world.timeline(robot)).filter(({ type }) => type === "robot.configured");
  expect(configured).toContainEqual(expect.objectContaining({ evidence: { blindMs: "off", maxLinear: 1.5 } }));
  const again = await world.join(robot, operator);
  expect(again.last("welcome")?.control).toMatchObject({
    policy: { ...usual, blindMs: null, maxLinear: 1.5, deadmanMs: 300, takers: "operator" },
    control: { epoch: 1, holder: { session: driver.session } },
  });
  expect(configured).toContainEqual(expect.objectContaining({ evidence: { takers: "operator" } }));
  const refused = await world.call("PATCH", path, { as: owner, body: { control: { deadmanMs: 199 } } });
  expect([refused.status, refused.body.fields]).toEqual([422, ["control.deadmanMs"]]);
  expect((await world.call("PATCH", path, { as: operator, body: { control: { deadmanMs: 300 } } })).status).toBe(403);
});

test("clients are told of a policy that an owner changed, the robot is not, and nobody of another setting [D18.1]", async () => {
  const { world, robot, robotEnd, driver, policy } = await attended();
  await world.say(driver, { type: "control.request" });
  const version = driver.last("control.granted")?.control.version ?? 0;
  const told = () => driver.all("control.changed").filter(({ because }) => because === "configured");
  await world.call("PATCH", `/v1/robots/${robot.id}`, { as: owner, body: { name: "Rover 2", grace: { robotMs: 30_000 } } });
  expect(told()).toEqual([]);
  await policy({ maxLinear: 0.1 });
  expect(told()).toMatchObject([
    { control: { epoch: 1, holder: { session: driver.session } }, policy: { maxLinear: 0.1, deadmanMs: 500 }, actor: { type: "user" } },
  ]);
  expect(told()[0]?.control.version).toBeGreaterThan(version);
  expect(robotEnd.all("control.changed").filter(({ because }) => because === "configured")).toEqual([]);
});

test("a robot's graces are those of the sessions that begin from then on [D18]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const grace = { robotMs: 30_000, clientMs: 10_000 };
  const { body } = await world.call("PATCH", `/v1/robots/${robot.id}`, { as: owner, body: { grace } });
  expect(body).toMatchObject({ grace });
  const [robotEnd, client] = [await world.join(robot), await world.join(robot, operator)];
  client.socket.close(1001);
  await world.idle();
  expect(robotEnd.last("peer.away")?.backBy).toBe(world.clock.now() + grace.clientMs);
  const watching = await world.join(robot, viewer);
  robotEnd.socket.close(1001);
  await world.idle();
  expect(watching.last("peer.away")?.backBy).toBe(world.clock.now() + grace.robotMs);
});
