import { createPublicKey, verify } from "node:crypto";
import { ControlPermit } from "@tether/protocol/control";
import { limits } from "@tether/protocol/limits";
import { expect, test } from "vitest";
import { attended } from "../../../local/test/world/attended.ts";
import type { RawEnd } from "../../../local/test/world/raw-end.ts";
import { createWorld, operator, owner } from "../../../local/test/world/world.ts";

const { leaseMs, keptMs } = limits.control;
const minute = 60_000;

const because = (end: RawEnd) => end.all("control.changed").map((frame) => frame.because);
const epochs = (end: RawEnd) => end.all("control.changed").map(({ control }) => control.epoch);
const grantIn = (jws: string | undefined) =>
  ControlPermit.parse(JSON.parse(Buffer.from((jws ?? "").split(".")[1] ?? "", "base64url").toString()));

test("who asks while control is free holds it; everyone is told, and the grant comes last [D1, D3]", async () => {
  const { world, robot, robotEnd, driver, all } = await attended();
  expect(robotEnd.last("welcome")?.control).toMatchObject({
    control: { version: 0, epoch: 0 },
    policy: { deadmanMs: 500, takers: "owner" },
  });
  expect(driver.last("welcome")?.control?.keys).toBeUndefined();
  await world.say(driver, { type: "control.request", id: "c-1" });
  const control = { version: 1, epoch: 1, holder: { session: driver.session, expiresAt: world.clock.now() + leaseMs } };
  for (const end of all) {
    expect(end.all("control.changed")).toEqual([
      expect.objectContaining({ because: "granted", actor: expect.objectContaining({ type: "user" }) }),
    ]);
    expect(end.last("control.changed")?.control).toMatchObject(control);
  }
  const granted = driver.last("control.granted");
  expect(granted).toMatchObject({ id: "c-1", control });
  expect(driver.frames.at(-1)).toBe(granted);
  const { robot: of, session, epoch, issuedAt, expiresAt, deadmanMs, maxAgeMs } = grantIn(granted?.permit);
  expect({ of, session, epoch, issuedAt, expiresAt, deadmanMs, maxAgeMs }).toEqual({
    of: robot.id,
    session: driver.session,
    epoch: 1,
    issuedAt: world.clock.now(),
    expiresAt: world.clock.now() + leaseMs,
    deadmanMs: 500,
    maxAgeMs: 500,
  });
  const [header = "", payload, signature = ""] = granted?.permit.split(".") ?? [];
  const [key] = robotEnd.last("welcome")?.control?.keys ?? [];
  expect(JSON.parse(Buffer.from(header, "base64url").toString())).toEqual({ alg: "EdDSA", kid: key?.kid, typ: "tether-permit" });
  const publicKey = createPublicKey({ key: { ...key?.key }, format: "jwk" });
  expect(verify(null, Buffer.from(`${header}.${payload}`), publicKey, Buffer.from(signature, "base64url"))).toBe(true);
});

test("epochs go on over the robot's next session [D2]", async () => {
  const { world, robot, robotEnd, driver } = await attended();
  await world.say(driver, { type: "control.request" });
  await world.say(driver, { type: "control.release" });
  await world.say(robotEnd, { type: "leave" });
  const next = await world.join(robot);
  expect(next.last("welcome")).toMatchObject({ session: { epoch: 1, resumed: false }, control: { control: { epoch: 2 } } });
});

test("the holder renews and is given a fresh grant of the same epoch; who does not is free after 5 min [D4, D7]", async () => {
  const { world, robotEnd, driver, boss } = await attended();
  await world.say(driver, { type: "control.request" });
  for (const end of [driver, boss, robotEnd]) end.clear();
  await world.clock.advance(4 * minute);
  await world.say(driver, { type: "control.renew", id: "n", epoch: 1 });
  expect(grantIn(driver.last("control.granted")?.permit)).toMatchObject({
    epoch: 1,
    issuedAt: world.clock.now(),
    expiresAt: world.clock.now() + leaseMs,
  });
  expect([robotEnd, boss].flatMap((end) => end.frames)).toEqual([]);
  await world.say(driver, { type: "control.renew", id: "old", epoch: 0 });
  expect(driver.last("problem")).toMatchObject({ code: "control.unheld", id: "old" });
  for (const end of [driver, boss, robotEnd]) end.send({ type: "ping" });
  await world.clock.advance(leaseMs - 1);
  expect(because(robotEnd)).toEqual([]);
  await world.clock.advance(minute);
  expect(robotEnd.all("control.changed")).toEqual([
    expect.objectContaining({ because: "expired", actor: { type: "system" }, control: { version: 4, epoch: 2 } }),
  ]);
  await world.say(driver, { type: "control.renew", epoch: 1 });
  expect(driver.last("problem")).toMatchObject({ code: "control.unheld" });
});

test("control that is over is given to who asks, without a sweep, and renewed to nobody [D7, D2]", async () => {
  const { world, robotEnd, driver, boss } = await attended();
  await world.clock.advance(30_000);
  await world.say(driver, { type: "control.request" });
  await world.clock.advance(leaseMs);
  robotEnd.clear();
  await world.say(driver, { type: "control.renew", epoch: 1 });
  expect(driver.last("problem")).toMatchObject({ code: "control.unheld" });
  expect([because(robotEnd), epochs(robotEnd)]).toEqual([["expired"], [2]]);
  await world.say(boss, { type: "control.request" });
  expect(boss.last("control.granted")?.control).toMatchObject({ epoch: 3, holder: { session: boss.session } });
});

test("control never outlives the holder's own lease [D4]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const driver = await world.join(robot, operator, { lifeMs: 3 * minute });
  const end = world.clock.now() + 3 * minute;
  await world.say(driver, { type: "control.request" });
  expect(grantIn(driver.last("control.granted")?.permit).expiresAt).toBe(end);
});

test("a holder that is away keeps control for 20 s: back in time it goes on in the same epoch [D5]", async () => {
  const { world, robot, robotEnd, driver } = await attended();
  await world.say(driver, { type: "control.request" });
  robotEnd.clear();
  driver.socket.close(1001);
  await world.idle();
  const keptUntil = world.clock.now() + keptMs;
  expect(robotEnd.last("control.changed")).toMatchObject({
    because: "away",
    control: { epoch: 1, holder: { session: driver.session, keptUntil } },
  });
  await world.clock.advance(keptMs - 1);
  const back = await world.join(robot, operator, { session: driver.session });
  expect([because(robotEnd), epochs(robotEnd)]).toEqual([
    ["away", "returned"],
    [1, 1],
  ]);
  expect(back.last("welcome")?.control?.control).toMatchObject({ epoch: 1, holder: { session: driver.session } });
  expect(back.last("welcome")?.control?.control.holder?.keptUntil).toBeUndefined();
  await world.say(back, { type: "control.renew", epoch: 1 });
  expect(back.last("control.granted")?.control.epoch).toBe(1);
});

test("a holder that does not come back in 20 s has lost control, for who asks at once and for all with the sweep [D5, D7]", async () => {
  const { world, robot, robotEnd, driver, boss } = await attended();
  await world.say(driver, { type: "control.request" });
  driver.socket.close(1001);
  await world.idle();
  await world.say(boss, { type: "control.request", id: "a" });
  expect(boss.last("control.asked")).toMatchObject({ id: "a", answerBy: world.clock.now() + keptMs });
  await world.clock.advance(keptMs);
  await world.say(boss, { type: "control.request", id: "b" });
  expect(boss.last("control.granted")).toMatchObject({ id: "b", control: { epoch: 3 } });
  expect(because(robotEnd)).toEqual(["granted", "away", "expired", "granted"]);
  boss.socket.close(1001);
  await world.clock.advance(keptMs + minute);
  expect(because(robotEnd).slice(4)).toEqual(["away", "expired"]);
  const back = await world.join(robot, operator, { session: driver.session });
  expect(back.last("welcome")?.control?.control.holder).toBeUndefined();
});

test("a holder that comes back too late finds control free, before any sweep [D5, D7]", async () => {
  const { world, robot, robotEnd, driver } = await attended();
  await world.clock.advance(30_000);
  await world.say(driver, { type: "control.request" });
  driver.socket.close(1001);
  await world.idle();
  await world.clock.advance(keptMs);
  const back = await world.join(robot, operator, { session: driver.session });
  expect(back.last("welcome")?.control?.control).toEqual({ version: 4, epoch: 2 });
  expect(because(robotEnd)).toEqual(["granted", "away", "expired"]);
});

test("a hand-over of the holder's connection changes nothing; another instance goes on in a new epoch [D5, D6]", async () => {
  const { world, robot, robotEnd, driver } = await attended();
  await world.say(driver, { type: "control.request" });
  const second = await world.join(robot, operator, { session: driver.session });
  expect([second.last("welcome")?.control?.control.epoch, because(robotEnd)]).toEqual([1, ["granted"]]);
  const other = await world.join(robot, operator, { session: driver.session, instance: "ins_bbbbbbbb" });
  expect(other.last("welcome")?.control?.control).toMatchObject({ epoch: 2, holder: { session: driver.session } });
  expect([because(robotEnd), epochs(robotEnd)]).toEqual([
    ["granted", "superseded"],
    [1, 2],
  ]);
  await world.say(other, { type: "control.renew", epoch: 2 });
  expect(grantIn(other.last("control.granted")?.permit).epoch).toBe(2);
});

test("a holder that leaves, or loses the right to drive, loses control at once, and everyone is told by whom [D6]", async () => {
  const { world, robot, robotEnd, driver, boss } = await attended();
  await world.say(driver, { type: "control.request" });
  await world.say(driver, { type: "leave" });
  expect(robotEnd.last("control.changed")).toMatchObject({ because: "ended", control: { epoch: 2 } });
  const again = await world.join(robot, operator);
  await world.say(again, { type: "control.request" });
  await world.call("PUT", `/v1/robots/${robot.id}/grants`, { as: owner, body: { to: `email:${operator}`, role: "viewer" } });
  expect(robotEnd.last("control.changed")).toMatchObject({ because: "revoked", control: { epoch: 4 }, actor: { type: "user" } });
  await world.say(again, { type: "control.request" });
  expect(again.last("problem")).toMatchObject({ code: "access.denied" });
  expect(again.closed).toBeUndefined();
  await world.say(boss, { type: "control.request" });
  await world.call("PUT", `/v1/robots/${robot.id}/grants`, { as: owner, body: { to: `email:${operator}`, role: "owner" } });
  const ended = await world.call("POST", `/v1/robots/${robot.id}/sessions/${boss.session}/end`, { as: operator, body: {} });
  expect(ended.status).toBe(204);
  expect(robotEnd.last("control.changed")?.control.holder).toBeUndefined();
  expect(epochs(robotEnd)).toEqual([1, 2, 3, 4, 5, 6]);
});

test("the holder releases control, once; who does not hold it can neither release, renew, hand over nor refuse it [D13]", async () => {
  const { world, robotEnd, driver, boss } = await attended();
  await world.say(driver, { type: "control.request" });
  await world.say(driver, { type: "control.release" });
  expect(robotEnd.last("control.changed")).toMatchObject({ because: "released", actor: { type: "user" }, control: { epoch: 2 } });
  await world.say(boss, { type: "control.request" });
  const frames = [
    { type: "control.release" },
    { type: "control.renew", epoch: 3 },
    { type: "control.give", to: boss.session },
    { type: "control.deny", to: boss.session },
  ];
  for (const frame of frames) await world.say(driver, frame);
  expect(driver.all("problem").map(({ code }) => code)).toEqual(frames.map(() => "control.unheld"));
  expect(robotEnd.last("control.changed")).toMatchObject({ control: { epoch: 3, holder: { session: boss.session } } });
});

test("a viewer never holds control, and a robot has no part in it [D12]", async () => {
  const { world, robotEnd, driver, watcher, boss } = await attended();
  const frames = [
    { type: "control.request" },
    { type: "control.take", reason: "mine" },
    { type: "control.renew", epoch: 1 },
    { type: "control.give", to: driver.session },
    { type: "control.deny", to: driver.session },
    { type: "control.release" },
  ];
  for (const end of [watcher, robotEnd]) {
    for (const frame of frames) await world.say(end, frame);
    expect(end.all("problem").map(({ code }) => code)).toEqual(frames.map(() => "access.denied"));
  }
  await world.say(driver, { type: "control.request" });
  await world.say(driver, { type: "control.give", to: watcher.session });
  expect(driver.last("problem")).toMatchObject({ code: "control.target" });
  await world.say(driver, { type: "control.take", reason: "mine" });
  await world.say(boss, { type: "control.request" });
  await world.say(boss, { type: "control.release" });
  expect([driver.last("problem")?.code, boss.last("problem")?.code]).toEqual(["access.denied", "control.unheld"]);
});
