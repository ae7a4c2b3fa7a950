import { expect, test } from "vitest";
import { identityOf } from "../../../local/test/world/identity.ts";
import { admin, createWorld, operator, owner } from "../../../local/test/world/world.ts";
import { deny, give, request } from "../../src/control/index.ts";

/** An owner who holds control, an operator who asked for it, and somebody else who may drive. */
async function start() {
  const world = await createWorld();
  const robot = await world.createRobot();
  const ends = [await world.join(robot, owner), await world.join(robot, operator), await world.join(robot, admin)] as const;
  const [bossEnd, driverEnd, otherEnd] = ends;
  const [boss, driver] = [await identityOf(world, robot, bossEnd), await identityOf(world, robot, driverEnd)];
  const { env, store } = world.system;
  await request(env, boss, { type: "control.request" });
  await request(env, driver, { type: "control.request", id: "please" });
  await world.idle();
  const lease = async () => (await store.entities.controlLease.get({ robotId: robot.id }).go({ consistent: true })).data;
  return { world, robot, env, store, boss, driver, bossEnd, driverEnd, otherEnd, lease };
}

const to = ({ session }: { session: string }) => session as never;

test("each who asks is told of to the holder, whoever asked before [D8, D8.1]", async () => {
  const { world, robot, env, bossEnd, driverEnd, otherEnd, lease } = await start();
  const other = await identityOf(world, robot, otherEnd);
  expect(await request(env, other, { type: "control.request" })).toMatchObject({ type: "control.asked" });
  await world.idle();
  expect(bossEnd.all("control.requested").map(({ from }) => from)).toEqual([driverEnd.session, otherEnd.session]);
  expect((await lease())?.asked?.map(({ sessionId }) => sessionId)).toEqual([driverEnd.session, otherEnd.session]);
});

test("control is handed over by its holder alone, to whomever [D10, D13]", async () => {
  const { env, driver, bossEnd, otherEnd, lease } = await start();
  expect(await give(env, driver, { type: "control.give", to: to(otherEnd) })).toEqual({ problem: "control.unheld" });
  expect(await lease()).toMatchObject({ epoch: 1, holder: { sessionId: bossEnd.session } });
});

test("control is not handed to a session that ends as the gateway is asked about it [D10]", async () => {
  const { world, robot, env, store, boss, driverEnd, lease } = await start();
  const probe = async () => {
    await store.entities.session.delete({ robotId: robot.id, slot: driverEnd.session }).go();
    return "gone" as const;
  };
  const ending = { ...env, outbox: { ...env.outbox, probe } };
  expect(await give(ending, boss, { type: "control.give", to: to(driverEnd) })).toEqual({ problem: "control.target" });
  await world.idle();
  expect((await lease())?.epoch).toBe(1);
});

test("nobody is told no who did not ask, or who left since [D9]", async () => {
  const { world, env, boss, driverEnd, otherEnd } = await start();
  expect(await deny(env, boss, { type: "control.deny", to: to(otherEnd) })).toEqual({ problem: "control.unasked" });
  await world.say(driverEnd, { type: "leave" });
  expect(await deny(env, boss, { type: "control.deny", to: to(driverEnd) })).toEqual({ problem: "control.unasked" });
  expect(otherEnd.all("control.denied")).toEqual([]);
});

test("a no to whom the gateway no longer has a connection makes its session away, and its robot is told [D9, P5]", async () => {
  const { world, robot, env, boss, driverEnd } = await start();
  const robotEnd = await world.join(robot);
  world.system.faults.set([{ name: "disconnect.lost", rate: 1 }]);
  driverEnd.socket.close(1001);
  await world.idle();
  expect(await deny(env, boss, { type: "control.deny", to: to(driverEnd), reason: "busy" })).toBeUndefined();
  await world.idle();
  expect(robotEnd.last("peer.away")).toMatchObject({ session: driverEnd.session });
});
