import { RobotId } from "@tether/protocol/id";
import { limits } from "@tether/protocol/limits";
import { expect, test } from "vitest";
import { createKey, keysIn, type TestKey } from "../../../local/test/world/key.ts";
import { admin, createWorld, greeting, operator, owner, stranger, viewer } from "../../../local/test/world/world.ts";
import { forRobot } from "../../src/ticket/index.ts";

async function createRevoking() {
  const world = await createWorld();
  const keys = keysIn(world);
  const { robot, key } = await keys.enrolled();

  async function join(by: TestKey, instance = greeting.instance) {
    const { body } = await keys.ticket(robot, by, { instance });
    const end = await world.connect(body.ticket);
    end.session = body.session.id;
    await world.say(end, { type: "hello", ...greeting, instance });
    return end;
  }

  /** Rotates, and has the new key proved. */
  async function moved(from: TestKey, more: object = {}) {
    const next = createKey(world);
    await keys.rotate(robot, from, next, more);
    await keys.ticket(robot, next);
    return next;
  }

  return { world, ...keys, robot, key, join, moved };
}

test("a revoked key's session ends at once with its cause, and the key buys and redeems nothing any more [K6, T6]", async () => {
  const { world, robot, key, join, ticket, revoke, stateOf, events } = await createRevoking();
  // For a session that never was: only the key stands between it and its beginning.
  const bought = (await ticket(robot, key)).body.ticket;
  const end = await join(key);
  const client = await world.join({ id: robot } as never, owner);
  expect((await revoke(robot, key.kid, { force: true })).status).toBe(204);
  expect(end.last("bye")).toMatchObject({ cause: "credential.revoked", actor: { type: "user" }, retry: { policy: "never" } });
  expect(end.closed).toBeDefined();
  expect(client.last("peer.ended")).toMatchObject({ session: end.session, cause: "credential.revoked" });
  expect((await world.connect(bought)).status).toBe(404);
  expect([(await ticket(robot, key)).body.code, await stateOf(robot, key)]).toEqual(["assertion.key", "revoked"]);
  expect(await events(robot, "credential.revoked")).toHaveLength(1);
  expect((await revoke(robot, key.kid)).status).toBe(204);
  expect(await events(robot, "credential.revoked")).toHaveLength(1);
});

test("once a key is revoked, a grant removed, a user revoked or a robot deleted there is no further ticket [K6, U3, A3, T6]", async () => {
  const { world, robot, key, ticket, revoke } = await createRevoking();
  for (const to of [operator, viewer, stranger]) {
    await world.call("PUT", `/v1/robots/${robot}/grants`, { as: owner, body: { to: `email:${to}`, role: "viewer" } });
  }
  const client = async (as: string) => (await world.ticketFor.client({ id: robot } as never, as)).body as { code?: string };
  expect([(await ticket(robot, key)).status, (await client(operator)).code, (await client(viewer)).code]).toEqual([
    201,
    undefined,
    undefined,
  ]);
  await revoke(robot, key.kid, { force: true });
  expect((await ticket(robot, key)).body.code).toBe("assertion.key");
  await world.call("DELETE", `/v1/robots/${robot}/grants?to=email:${operator}`, { as: owner });
  expect((await client(operator)).code).toBe("robot.unknown");
  const sub = world.system.identity.users.find(({ email }) => email === viewer)?.sub;
  await world.call("POST", `/v1/users/revoke?sub=${sub}`, { as: admin });
  expect((await client(viewer)).code).toBe("auth.expired");
  expect((await client(stranger)).code).toBeUndefined();
  await world.call("DELETE", `/v1/robots/${robot}`, { as: owner });
  expect((await client(stranger)).code).toBe("robot.unknown");
});

test("a key that is revoked while it buys a ticket stays revoked [K6, K9]", async () => {
  const { world, robot, key, revoke, stateOf } = await createRevoking();
  const at = world.clock.now() + limits.credential.provedEveryMs;
  const env = { ...world.system.env, clock: { now: () => at } };
  const asserted = { robotId: RobotId.parse(robot), kid: key.kid, jti: "jti", expiresAt: at + 60_000 };
  let revoked = 0;
  // Between the ticket's read and its write.
  const verify = async () => {
    if (revoked === 0) revoked = (await revoke(robot, key.kid, { force: true })).status;
    return undefined;
  };
  expect(await forRobot(env, asserted, verify, { use: "connect" })).toMatchObject({ problem: "assertion.key" });
  expect([revoked, await stateOf(robot, key)]).toEqual([204, "revoked"]);
});

test("a session on another key of the robot stays, and a connection that the revoked key let in is told so and closed [K6]", async () => {
  const { world, robot, key, join, moved, ticket, revoke } = await createRevoking();
  const opened = await ticket(robot, key);
  const next = await moved(key);
  const end = await join(next);
  const reserved = await ticket(robot, key);
  const pending = await world.connect(reserved.body.ticket);
  expect([opened.status, pending.status]).toEqual([201, 101]);
  await revoke(robot, key.kid);
  await world.idle();
  expect([end.closed, pending.last("bye")?.cause, pending.closed?.code]).toEqual([undefined, "credential.revoked", 1000]);
  expect((await world.call<{ items: object[] }>("GET", `/v1/robots/${robot}/timeline`, { as: owner })).body.items[0]).toMatchObject({
    type: "session.lapsed",
    cause: "credential.revoked",
    actor: { type: "user" },
    evidence: { kid: key.kid },
  });
});

test("revoking a key takes its pending successor with it [K6]", async () => {
  const { world, robot, key, rotate, ticket, revoke, stateOf } = await createRevoking();
  const stolen = createKey(world);
  await rotate(robot, key, stolen);
  await revoke(robot, key.kid, { force: true });
  expect([await stateOf(robot, stolen), (await ticket(robot, stolen)).body.code]).toEqual(["revoked", "assertion.key"]);
});

test("a pending key that is revoked leaves its predecessor free to name another [K1, K6]", async () => {
  const { world, robot, key, rotate, ticket, revoke, stateOf } = await createRevoking();
  const [cancelled, next] = [createKey(world), createKey(world)];
  await rotate(robot, key, cancelled);
  expect((await revoke(robot, cancelled.kid)).status).toBe(204);
  expect((await rotate(robot, key, next)).status).toBe(201);
  expect([(await ticket(robot, cancelled)).body.code, (await ticket(robot, next)).status]).toEqual(["assertion.key", 201]);
  expect(await stateOf(robot, cancelled)).toBe("revoked");
});

test("a session that began this moment ends with its key, and nobody's keys are looked at twice for it [K6]", async () => {
  const { world, robot, key, join, revoke } = await createRevoking();
  await world.clock.advance(1_000);
  world.system.faults.set([{ name: "store.stale", windowMs: 500, rate: 1 }]);
  const end = await join(key);
  world.system.requests.reset();
  await revoke(robot, key.kid, { force: true });
  // The keys, the sessions, and twice what is live as the session ends.
  expect(world.system.requests.counts()).toMatchObject({ Query: 4 });
  expect(end.last("bye")?.cause).toBe("credential.revoked");
});

test("the last active key that was proved goes by force only; a retiring, a pending or an unproved one is no spare [K7]", async () => {
  const { world, robot, key, moved, rotate, revoke, ticket } = await createRevoking();
  const next = await moved(key);
  await rotate(robot, next, createKey(world));
  const unproved = createKey(world);
  await world.call("POST", `/v1/robots/${robot}/credentials`, { as: owner, body: { publicKey: unproved.publicKey } });
  expect((await revoke(robot, next.kid)).body.code).toBe("credential.last");
  await ticket(robot, unproved);
  expect((await revoke(robot, next.kid)).status).toBe(204);
  expect((await revoke(robot, key.kid)).status).toBe(204);
  expect((await revoke(robot, unproved.kid)).body.code).toBe("credential.last");
  expect((await revoke(robot, unproved.kid, { force: true })).status).toBe(204);
  expect((await revoke(robot, createKey(world).kid)).body.code).toBe("credential.unknown");
});

test("two keys that point at each other as the spare are not both revoked at once [K7]", async () => {
  const { world, robot, key, ticket, revoke, list } = await createRevoking();
  const second = createKey(world);
  await world.call("POST", `/v1/robots/${robot}/credentials`, { as: owner, body: { publicKey: second.publicKey } });
  await ticket(robot, second);
  const answers = await Promise.all([revoke(robot, key.kid), revoke(robot, second.kid)]);
  expect(answers.map(({ status }) => status).sort()).toEqual([204, 409]);
  expect((await list(robot)).filter(({ state }) => state === "active")).toHaveLength(1);
});

test("a good assertion by a retired or revoked key is on the timeline once a minute, a forged one never [K4]", async () => {
  const { world, robot, key, moved, ticket, revoke, events } = await createRevoking();
  const next = await moved(key, { retireNow: true });
  const spare = await moved(next);
  await revoke(robot, next.kid);
  const forged = `${key.assertion(robot).split(".").slice(0, 2).join(".")}.${createKey(world).assertion(robot).split(".")[2]}`;
  const ask = async (assertion: string) => (await world.call("POST", "/v1/tickets/robot", { body: { assertion } })).body.code;
  world.system.requests.reset();
  expect(await ask(forged)).toBe("assertion.key");
  expect(world.system.requests.counts()).toEqual({ BatchGetItem: 1 });
  expect(await events(robot, "credential.reused")).toHaveLength(0);
  for (let repeat = 0; repeat < 5; repeat++) for (const old of [key, next]) expect(await ask(old.assertion(robot))).toBe("assertion.key");
  const states = (await events(robot, "credential.reused")).map(({ evidence }) => [evidence?.kid, evidence?.state]);
  expect(Object.fromEntries(states)).toEqual({ [key.kid]: "retired", [next.kid]: "revoked" });
  expect(world.lines.filter(({ security }) => security === "credential.reused")).toHaveLength(10);
  await world.clock.advance(limits.credential.eventEveryMs);
  await ask(key.assertion(robot));
  expect(await events(robot, "credential.reused")).toHaveLength(3);
  expect((await ticket(robot, spare)).status).toBe(201);
});
