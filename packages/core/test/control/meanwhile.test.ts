import { RobotId } from "@tether/protocol/id";
import { describe, expect, test } from "vitest";
import { identityOf } from "../../../local/test/world/identity.ts";
import { meanwhile } from "../../../local/test/world/meanwhile.ts";
import type { RawEnd } from "../../../local/test/world/raw-end.ts";
import { admin, createWorld, operator, owner } from "../../../local/test/world/world.ts";
import { deny, give, release, renew, request, stop, take } from "../../src/control/index.ts";

/** A driver who holds control unless told, and an owner; each verb is done by one of them as by an invocation of its own. */
async function start({ isFree = false } = {}) {
  const world = await createWorld();
  const robot = await world.createRobot();
  const [driverEnd, bossEnd] = [await world.join(robot, operator), await world.join(robot, owner)];
  const [driver, boss] = [await identityOf(world, robot, driverEnd), await identityOf(world, robot, bossEnd)];
  const { env, store } = world.system;
  if (!isFree) await request(env, driver, { type: "control.request" });
  for (const end of [driverEnd, bossEnd]) end.clear();
  const grantOf = (sub: string) => store.entities.grant.patch({ robotId: robot.id, to: `email:${sub}` });
  const lower = () => grantOf(operator).set({ role: "viewer" }).go();
  const end = ({ session }: { session: string }) => store.entities.session.delete({ robotId: robot.id, slot: session }).go();
  const takes = () => take(env, boss, { type: "control.take", reason: "mine" });
  const lease = async () => (await store.entities.controlLease.get({ robotId: robot.id }).go({ consistent: true })).data;
  return { world, robot, env, store, driver, boss, driverEnd, bossEnd, lower, end, takes, lease };
}

type Scene = Awaited<ReturnType<typeof start>>;

const releases = ({ env, driver }: Scene) => release(env, driver);
const renews = ({ env, driver }: Scene) => renew(env, driver, { type: "control.renew", epoch: 1 });
const gives = ({ env, driver, bossEnd }: Scene) => give(env, driver, { type: "control.give", to: bossEnd.session as never });
const asks = ({ env, driver }: Scene) => request(env, driver, { type: "control.request", id: "r" });

describe("a holder that is taken from meanwhile", () => {
  test.each([
    ["releases", releases],
    ["renews", renews],
    ["gives", gives],
  ])("%s nothing, and is told that it does not hold control [D13]", async (_, verb) => {
    const scene = await start();
    meanwhile(scene.world, scene.takes);
    expect(await verb(scene)).toEqual({ problem: "control.unheld" });
    expect(await scene.lease()).toMatchObject({ epoch: 2, holder: { sessionId: scene.bossEnd.session } });
  });

  test("denies nobody: who asked has control", async () => {
    const scene = await start();
    const { world, env, driver, boss, bossEnd, takes } = scene;
    await request(env, boss, { type: "control.request" });
    meanwhile(world, takes);
    expect(await deny(env, driver, { type: "control.deny", to: bossEnd.session as never })).toEqual({ problem: "control.unasked" });
    expect(bossEnd.all("control.denied")).toEqual([]);
  });
});

describe("a driver whose session ended meanwhile", () => {
  test("renews nothing, and asks for nothing", async () => {
    const scene = await start();
    meanwhile(scene.world, () => scene.end(scene.driverEnd));
    expect(await renews(scene)).toEqual({ problem: "session.superseded" });
    const free = await start({ isFree: true });
    meanwhile(free.world, () => free.end(free.driverEnd));
    expect(await asks(free)).toEqual({ problem: "session.superseded" });
  });
});

describe("a right that is lost meanwhile", () => {
  test("to drive gives no control to who asks for it [D1]", async () => {
    const scene = await start({ isFree: true });
    meanwhile(scene.world, scene.lower);
    expect(await asks(scene)).toEqual({ problem: "access.denied" });
    expect(await scene.lease()).toBeNull();
  });

  test("to drive gives no control to whom it is handed over, and it stays with its holder [D10]", async () => {
    const { world, env, driver, boss, driverEnd, bossEnd, takes, lower, lease } = await start();
    await takes();
    meanwhile(world, lower);
    const given = await give(env, boss, { type: "control.give", to: driverEnd.session as never });
    expect([given, (await lease())?.epoch]).toEqual([{ problem: "control.target" }, 2]);
    expect([bossEnd.all("control.granted"), driver.kind]).toEqual([[], "client"]);
  });

  test("to take leaves control with its holder [D11]", async () => {
    const { world, robot, takes, lease, store } = await start();
    const { data } = await store.entities.grant.query.primary({ robotId: robot.id }).go();
    const own = data.find(({ role }) => role === "owner");
    meanwhile(world, async () => own && store.entities.grant.patch({ robotId: robot.id, to: own.to }).set({ role: "operator" }).go());
    expect([await takes(), (await lease())?.epoch]).toEqual([{ problem: "access.denied" }, 1]);
  });
});

describe("who asks for control that is free", () => {
  test("and finds it taken meanwhile asks its holder [D8]", async () => {
    const scene = await start({ isFree: true });
    meanwhile(scene.world, scene.takes);
    expect(await asks(scene)).toMatchObject({ type: "control.asked", id: "r", control: { holder: { session: scene.bossEnd.session } } });
    expect(scene.bossEnd.last("control.requested")).toMatchObject({ from: scene.driverEnd.session });
  });

  test("and finds it moved whenever it is looked at is told so after five looks", async () => {
    const scene = await start({ isFree: true });
    const { transaction } = scene.world.system.store;
    const { write } = transaction;
    let looks = 0;
    const moving = (build: never) => ({
      async go() {
        transaction.write = write;
        await (looks++ % 2 === 0 ? scene.takes() : release(scene.env, scene.boss));
        const outcome = await write(build).go();
        transaction.write = moving as never;
        return outcome;
      },
    });
    transaction.write = moving as never;
    expect(await asks(scene)).toEqual({ problem: "unavailable" });
    expect(looks).toBe(5);
  });

  test("by two frames of one session at once has it once, and goes on with it [D1, D11]", async () => {
    const scene = await start({ isFree: true });
    const { world, env, boss, bossEnd, takes, lease } = scene;
    meanwhile(world, takes);
    expect(await take(env, boss, { type: "control.take", id: "t", reason: "again" })).toMatchObject({ type: "control.granted", id: "t" });
    expect(await lease()).toMatchObject({ epoch: 1, holder: { sessionId: bossEnd.session } });
  });
});

test("who asks a holder that is taken from meanwhile asks the new one, which is told so [D8, D8.1]", async () => {
  const { world, robot, env, driverEnd, bossEnd, takes } = await start();
  const third = await world.join(robot, admin);
  const from = await identityOf(world, robot, third);
  meanwhile(world, takes);
  expect(await request(env, from, { type: "control.request", id: "r" })).toMatchObject({
    type: "control.asked",
    control: { holder: { session: bossEnd.session } },
  });
  await world.idle();
  expect([bossEnd.last("control.requested")?.from, driverEnd.all("control.requested")]).toEqual([third.session, []]);
});

test("who asks a holder that ends as the gateway is asked about it is given control [D1, D8.1]", async () => {
  const { env, store, robot, boss, driverEnd } = await start();
  const probe = async () => {
    await store.entities.session.delete({ robotId: robot.id, slot: driverEnd.session }).go();
    return "gone" as const;
  };
  const asked = await request({ ...env, outbox: { ...env.outbox, probe } }, boss, { type: "control.request", id: "r" });
  expect(asked).toMatchObject({ type: "control.granted", id: "r", control: { epoch: 3 } });
});

test("who asks a holder whose connection goes as it is told has asked it, and everyone hears that it is away [D8, P5]", async () => {
  const { world, robot, env, boss, bossEnd, driverEnd } = await start();
  const robotEnd = await world.join(robot);
  let probes = 0;
  const probe = async () => (probes++ === 0 ? { connectedAt: 0, lastActiveAt: 0 } : ("gone" as const));
  const post: typeof env.outbox.post = async (id, frame) => (frame.type === "control.requested" ? "gone" : env.outbox.post(id, frame));
  expect(await request({ ...env, outbox: { ...env.outbox, probe, post } }, boss, { type: "control.request" })).toMatchObject({
    type: "control.asked",
    control: { holder: { session: driverEnd.session } },
  });
  await world.idle();
  expect(robotEnd.last("peer.away")).toMatchObject({ session: driverEnd.session });
  expect(bossEnd.last("control.changed")).toMatchObject({ because: "away" });
});

test("who asks a holder that says hello meanwhile on another connection asks it there [D8.1, D8.4]", async () => {
  const { world, robot, env, boss, bossEnd, driverEnd } = await start();
  let back: RawEnd | undefined;
  meanwhile(world, async () => {
    back = await world.join(robot, operator, { session: driverEnd.session });
  });
  await request(env, boss, { type: "control.request" });
  await world.idle();
  expect(back?.last("welcome")?.control?.requests).toBeUndefined();
  expect(back?.last("control.requested")).toMatchObject({ from: bossEnd.session });
});

describe("who waited in vain", () => {
  test("is told no as soon as it comes, unless the holder said so meanwhile: then it asks again [D9]", async () => {
    const scene = await start();
    const { world, env, driver, boss, bossEnd } = scene;
    const wants = () => request(env, boss, { type: "control.request", id: "b" });
    await wants();
    await world.clock.advance(15_000);
    meanwhile(world, () => deny(env, driver, { type: "control.deny", to: bossEnd.session as never, reason: "no" }));
    expect(await wants()).toMatchObject({ type: "control.asked", id: "b", answerBy: world.clock.now() + 15_000 });
    expect(bossEnd.all("control.denied")).toMatchObject([{ id: "b", reason: "no" }]);
    await world.clock.advance(15_000);
    expect(await request(env, boss, { type: "control.request" })).toEqual({ type: "control.denied", actor: { type: "system" } });
    const { data } = await scene.store.entities.timelineEvent.query.primary({ robotId: RobotId.parse(scene.robot.id) }).go();
    expect(data.filter(({ type }) => type === "control.denied").at(-1)).toMatchObject({ evidence: { to: "Olive Owner" } });
  });
});

test("stop is for whoever said hello once in a session that lives, and for no other connection [D14]", async () => {
  const { env, driver, driverEnd, end } = await start();
  expect(await stop(env, { ...driver, epoch: 2 }, { type: "stop" })).toEqual({ problem: "hello.required" });
  expect(await stop(env, { ...driver, epoch: 0 }, { type: "stop" })).toEqual({ problem: "stop.undelivered" });
  await end(driverEnd);
  expect(await stop(env, driver, { type: "stop" })).toEqual({ problem: "session.superseded" });
});

test("an answer names the frame that it is for, and a handed-over permit none [D1, D3, D10]", async () => {
  const scene = await start();
  const { env, driver, boss, driverEnd, bossEnd } = scene;
  const mine = await request(env, driver, { type: "control.request" });
  expect(mine).toMatchObject({ type: "control.granted", control: { epoch: 1 } });
  expect(mine).not.toHaveProperty("id");
  expect(await request(env, boss, { type: "control.request" })).not.toHaveProperty("id");
  expect(await deny(env, driver, { type: "control.deny", to: bossEnd.session as never })).toBeUndefined();
  await scene.world.idle();
  const denied = bossEnd.last("control.denied");
  expect(denied).toEqual({ type: "control.denied", actor: { type: "user", id: expect.any(String), name: "Oscar Operator" } });
  await gives(scene);
  await scene.world.idle();
  expect(bossEnd.last("control.granted")).not.toHaveProperty("id");
  expect(driverEnd.last("control.changed")).toMatchObject({ because: "given", control: { holder: { session: bossEnd.session } } });
});
