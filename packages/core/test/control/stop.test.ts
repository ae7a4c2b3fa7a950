import { describe, expect, test } from "vitest";
import { attended } from "../../../local/test/world/attended.ts";
import { admin, operator, owner, stranger, viewer } from "../../../local/test/world/world.ts";
import { stop } from "../../src/control/index.ts";
import { listLive } from "../../src/session/index.ts";

const minute = 60_000;

test("stop reaches the robot from viewer, operator and owner, whoever drives, and changes no lease [D14, D15]", async () => {
  const { world, robot, robotEnd, driver, boss, watcher } = await attended();
  const sessions = async () => Promise.all(["robot", driver.session, boss.session].map((slot) => world.item(robot, slot)));
  const before = await sessions();
  await world.say(watcher, { type: "stop", reason: "smoke" });
  expect(robotEnd.last("stop")).toMatchObject({ by: { type: "user" }, session: watcher.session, reason: "smoke" });
  await world.say(boss, { type: "control.request" });
  for (const end of [watcher, driver, boss]) {
    robotEnd.clear();
    await world.say(end, { type: "stop" });
    expect(robotEnd.frames).toEqual([expect.objectContaining({ type: "stop", session: end.session })]);
    expect(end.last("problem")).toBeUndefined();
  }
  await world.say(boss, { type: "control.renew", epoch: 1 });
  expect(boss.all("control.granted")).toHaveLength(2);
  expect(await sessions()).toEqual(before);
  const stops = (await world.timeline(robot)).filter(({ type }) => type === "robot.stopped");
  expect(stops.map(({ session }) => session)).toEqual([boss.session, driver.session, watcher.session, watcher.session]);
  expect(stops.at(-1)?.says).toMatch(/ stopped the robot\.$/);
  const evidence = { reached: true };
  expect(stops.map((stop) => [stop.inferred, "evidence" in stop && stop.evidence])).toEqual([
    ...[1, 2, 3].map(() => [false, evidence]),
    [false, { ...evidence, reason: "smoke" }],
  ]);
});

test("stop works with the sender's lease over, and while control is asked for [D14]", async () => {
  const { world, robot, robotEnd, driver, boss } = await attended();
  await world.say(driver, { type: "control.request" });
  await world.say(boss, { type: "control.request" });
  await world.say(boss, { type: "stop", reason: "waiting" });
  expect(robotEnd.last("stop")).toMatchObject({ reason: "waiting" });
  const late = await world.join(robot, operator, { lifeMs: 5 * minute });
  for (let left = 0; left < 2; left++) {
    await world.clock.advance(2 * minute + 35_000);
    for (const end of [robotEnd, late]) end.send({ type: "ping" });
  }
  expect(late.last("auth.expired")).toBeDefined();
  await world.say(late, { type: "control.request" });
  expect(late.last("problem")).toMatchObject({ code: "session.expired" });
  await world.say(late, { type: "stop", reason: "still here" });
  expect(robotEnd.last("stop")).toMatchObject({ session: late.session, reason: "still here" });
});

test("who cannot be helped is told: a robot away, a session ended, a connection without hello, a robot itself [D14, H1]", async () => {
  const { world, robot, robotEnd, watcher, driver } = await attended();
  await world.say(robotEnd, { type: "stop" });
  expect(robotEnd.last("problem")).toMatchObject({ code: "access.denied" });
  const { body } = await world.ticketFor.client(robot, owner);
  const silent = await world.connect(body.ticket);
  await world.say(silent, { type: "stop" });
  expect(silent.last("problem")).toMatchObject({ code: "hello.required" });
  expect(robotEnd.last("stop")).toBeUndefined();
  world.system.faults.set([{ name: "disconnect.lost", rate: 1 }]);
  robotEnd.socket.close(1001);
  await world.idle();
  await world.say(watcher, { type: "stop", id: "s" });
  expect(watcher.last("problem")).toMatchObject({ code: "stop.undelivered", id: "s" });
  expect(driver.last("peer.away")).toMatchObject({ session: robotEnd.session });
});

test("stop is told to the robot also when the store takes no write [D14]", async () => {
  const { world, robotEnd, watcher } = await attended();
  const refusal = { status: 400, body: { __type: "com.amazonaws.dynamodb.v20120810#AccessDeniedException", message: "no" } };
  world.system.requests.before((operation) => (operation === "Query" ? "pass" : refusal));
  await world.say(watcher, { type: "stop" });
  world.system.requests.before(undefined);
  expect(robotEnd.all("stop")).toHaveLength(1);
  expect(watcher.last("problem")).toBeDefined();
});

test("stop is posted once more where the gateway says 410 of a connection that lives [D14, P5]", async () => {
  const { world, robotEnd, watcher } = await attended();
  world.system.faults.set([{ name: "post.gone", times: 1 }]);
  await world.say(watcher, { type: "stop" });
  expect([robotEnd.all("stop").length, watcher.last("problem")]).toEqual([1, undefined]);
});

test("stop that the gateway does not take is undelivered, and the timeline says that it was not reached [D14]", async () => {
  const { world, robot, watcher } = await attended();
  const { env, store } = world.system;
  const session = (await listLive({ store }, robot.id, "consistent")).find(({ sessionId }) => sessionId === watcher.session);
  if (session?.state !== "online") throw new Error("the watcher is not online");
  const failing = { ...env, outbox: { ...env.outbox, post: async () => "failed" as const } };
  expect(await stop(failing, session, { type: "stop" })).toMatchObject({ problem: "stop.undelivered" });
  const { data } = await store.entities.timelineEvent.query.primary({ robotId: robot.id }).go({ pages: "all" });
  expect(data.find(({ type }) => type === "robot.stopped")?.evidence).toMatchObject({ reached: false });
});

describe("a stop from outside of any session", () => {
  test("viewer, operator, owner and admin stop the robot over HTTP, attached or not, and with a body that is wrong [D19, R17]", async () => {
    const { world, robot, robotEnd } = await attended();
    const path = `/v1/robots/${robot.id}/stop`;
    const key = "one-press-of-stop";
    for (const [as, body, expected] of [
      [viewer, { key, reason: "smoke" }, { key, reason: "smoke" }],
      [operator, { key: 7, reason: ["no"] }, {}],
      [owner, undefined, {}],
      [admin, {}, {}],
    ] as const) {
      robotEnd.clear();
      expect((await world.call("POST", path, { as, body })).status).toBe(204);
      await world.idle();
      expect(robotEnd.frames).toEqual([
        { type: "stop", by: expect.objectContaining({ type: "user", name: expect.any(String) }), ...expected },
      ]);
    }
    robotEnd.clear();
    expect((await world.call("POST", path, { as: stranger })).status).toBe(404);
    expect((await world.call("POST", path)).status).toBe(401);
    expect(robotEnd.frames).toEqual([]);
    expect((await world.timeline(robot)).filter(({ type }) => type === "robot.stopped")).toHaveLength(4);
  });

  test("a robot that cannot be told is a stop that was not delivered, and the timeline says who tried [D14, D19]", async () => {
    const { world, robot, robotEnd } = await attended();
    await world.say(robotEnd, { type: "leave" });
    const { status, body } = await world.call("POST", `/v1/robots/${robot.id}/stop`, { as: viewer });
    expect([status, body.code]).toEqual([503, "stop.undelivered"]);
    const [entry] = await world.timeline(robot);
    expect(entry).toMatchObject({ type: "robot.stopped", actor: { type: "user" }, evidence: { reached: false } });
  });
});

test("every client is told who pressed stop and whether it reached the robot, by whichever way it came [D20]", async () => {
  const { world, robot, robotEnd, driver, boss, watcher } = await attended();
  await world.say(watcher, { type: "stop", reason: "smoke" });
  const by = robotEnd.last("stop")?.by;
  for (const end of [driver, boss, watcher])
    expect(end.last("robot.stopped")).toEqual({
      type: "robot.stopped",
      at: world.clock.now(),
      by,
      session: watcher.session,
      reached: true,
      reason: "smoke",
    });
  expect(robotEnd.last("robot.stopped")).toBeUndefined();
  await world.call("POST", `/v1/robots/${robot.id}/stop`, { as: owner, body: {} });
  await world.idle();
  const told = driver.last("robot.stopped");
  expect([told?.by.name, told && "session" in told]).toEqual(["Olive Owner", false]);
});
