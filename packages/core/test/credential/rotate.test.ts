import { RobotId } from "@tether/protocol/id";
import { limits } from "@tether/protocol/limits";
import { problem } from "@tether/protocol/problem";
import { expect, test } from "vitest";
import { createKey, keysIn, type TestKey } from "../../../local/test/world/key.ts";
import { createWorld, greeting, operator } from "../../../local/test/world/world.ts";
import { forRobot } from "../../src/ticket/index.ts";

const { overlapMs, rotateAfterMs, expiresMs, provedEveryMs, overdueEveryMs } = limits.credential;

async function createRotating() {
  const world = await createWorld();
  const keys = keysIn(world);
  const { robot, key } = await keys.enrolled();

  /** A ticket for a good assertion, some time from now: the world's own clock would sweep every minute on the way. */
  function later(ms: number, { kid, publicKey }: TestKey) {
    const at = world.clock.now() + ms;
    const env = { ...world.system.env, clock: { now: () => at } };
    const asserted = { robotId: RobotId.parse(robot), kid, jti: `${kid}-${at}`, expiresAt: at + 60_000 };
    return forRobot(env, asserted, (key) => (key.x === publicKey.x ? undefined : problem("assertion.key")), { use: "connect" });
  }

  return { world, ...keys, robot, key, later };
}

test("the next key is pending until it buys a ticket; then it is active and the one before retires within a day [K1, K2, K3]", async () => {
  const { world, robot, key, rotate, ticket, later, stateOf, events } = await createRotating();
  const next = createKey(world, "P-256");
  const { status, body } = await rotate(robot, key, next);
  expect([status, body]).toEqual([201, expect.objectContaining({ kid: next.kid, state: "pending", replaces: key.kid })]);
  expect((await ticket(robot, key)).status).toBe(201);
  expect([await stateOf(robot, key), await stateOf(robot, next)]).toEqual(["active", "pending"]);
  expect((await ticket(robot, next)).status).toBe(201);
  expect([await stateOf(robot, key), await stateOf(robot, next)]).toEqual(["retiring", "active"]);
  expect(await events(robot, "credential.activated")).toHaveLength(1);
  expect(await later(overlapMs - 1, key)).toMatchObject({ credential: { expiresAt: world.clock.now() + overlapMs } });
  expect(await stateOf(robot, key)).toBe("retiring");
  expect(await later(overlapMs, key)).toMatchObject({ problem: "assertion.key" });
  expect(await stateOf(robot, key)).toBe("retired");
  expect(await events(robot, "credential.reused")).toMatchObject([{ inferred: false, evidence: { kid: key.kid, state: "retired" } }]);
  expect(await later(overlapMs, next)).toHaveProperty("ticket");
});

test("asked to retire now, the key before is over with the new one's first ticket [K2]", async () => {
  const { world, robot, key, rotate, ticket, stateOf } = await createRotating();
  const next = createKey(world);
  await rotate(robot, key, next, { retireNow: true });
  expect((await ticket(robot, key)).status).toBe(201);
  expect((await ticket(robot, next)).status).toBe(201);
  expect([await stateOf(robot, key), (await ticket(robot, key)).body.code]).toEqual(["retired", "assertion.key"]);
});

test("tickets that a pending key buys at the same time are all given, and it becomes active once [K2]", async () => {
  const { world, robot, key, rotate, ticket, stateOf, events } = await createRotating();
  const next = createKey(world);
  await rotate(robot, key, next);
  const tickets = await Promise.all(Array.from({ length: 10 }, () => ticket(robot, next)));
  expect(tickets.map(({ status }) => status)).toEqual(tickets.map(() => 201));
  expect([await stateOf(robot, key), (await events(robot, "credential.activated")).length]).toEqual(["retiring", 1]);
});

test("a new pending key takes the place of the one before, which then buys nothing [K1]", async () => {
  const { world, robot, key, rotate, ticket, list } = await createRotating();
  const [cancelled, next] = [createKey(world), createKey(world)];
  await rotate(robot, key, cancelled);
  await rotate(robot, key, next);
  expect((await list(robot)).map(({ kid, state }) => [kid, state]).sort()).toEqual(
    [
      [key.kid, "active"],
      [next.kid, "pending"],
    ].sort(),
  );
  expect([(await ticket(robot, cancelled)).body.code, (await ticket(robot, next)).status]).toEqual(["assertion.key", 201]);
});

test("of pending keys that are announced at the same time one stays [K1]", async () => {
  const { world, robot, key, rotate, list, ticket } = await createRotating();
  const keys = Array.from({ length: 6 }, () => createKey(world));
  const answers = await Promise.all(keys.map((next) => rotate(robot, key, next)));
  for (const { status, body } of answers) expect([201, 503]).toContain(body.code === "unavailable" ? 503 : status);
  const pending = (await list(robot)).filter(({ state }) => state === "pending");
  expect(pending).toHaveLength(1);
  const newest = keys.find(({ kid }) => kid === pending[0]?.kid);
  expect(newest && (await ticket(robot, newest)).status).toBe(201);
});

test("asking again to rotate to the same key answers what stands, before and after its first ticket [K1]", async () => {
  const { world, robot, key, rotate, ticket } = await createRotating();
  const next = createKey(world);
  const states = [(await rotate(robot, key, next)).body.state, (await rotate(robot, key, next)).body.state];
  await ticket(robot, next);
  states.push((await rotate(robot, key, next)).body.state);
  expect(states).toEqual(["pending", "pending", "active"]);
});

test("only an active key names the next one, with that key's proof for this robot and an assertion that is good once [K1, A2]", async () => {
  const { world, robot, key, rotate, ticket, createRobot } = await createRotating();
  const [next, after, other] = [createKey(world), createKey(world), await createRobot("Other")];
  expect((await rotate(robot, key, next, { proof: undefined })).body).toMatchObject({ code: "request.invalid", fields: ["proof"] });
  expect((await rotate(robot, key, next, { proof: next.proof(other) })).body.code).toBe("proof.invalid");
  expect((await rotate(robot, key, next, { proof: key.proof(robot) })).body.code).toBe("proof.invalid");
  expect((await rotate(robot, after, next)).body.code).toBe("assertion.key");
  expect((await rotate(other, key, next, { proof: next.proof(other) })).body.code).toBe("assertion.key");
  expect((await rotate(robot, key, next, { assertion: key.assertion(other) })).body.code).toBe("assertion.invalid");
  expect((await rotate(robot, key, key)).body.code).toBe("request.invalid");
  const assertion = key.assertion(robot);
  expect((await rotate(robot, key, next, { assertion })).status).toBe(201);
  expect((await rotate(robot, key, next, { assertion })).body.code).toBe("assertion.replayed");
  expect((await rotate(robot, key, after, { assertion })).body.code).toBe("assertion.replayed");
  expect((await rotate(robot, next, after)).body.code).toBe("credential.inactive");
  await ticket(robot, next);
  expect((await rotate(robot, key, after)).body.code).toBe("credential.inactive");
  expect((await rotate(robot, next, after)).status).toBe(201);
});

test("a ticket's answer says when to rotate; a key past its date still gets in, and the timeline says so once a day [K8]", async () => {
  const { world, robot, key, ticket, later, events } = await createRotating();
  const since = world.clock.now();
  const dates = { kid: key.kid, rotateAfter: since + rotateAfterMs, expiresAt: since + expiresMs };
  expect((await ticket(robot, key)).body.credential).toEqual(dates);
  expect(await later(expiresMs - 1, key)).toMatchObject({ credential: dates });
  expect(await events(robot, "credential.overdue")).toHaveLength(0);
  const midnight = Math.ceil((since + expiresMs) / overdueEveryMs) * overdueEveryMs - since;
  for (const ms of [midnight, midnight + provedEveryMs, midnight + overdueEveryMs - 1]) {
    expect(await later(ms, key)).toMatchObject({ credential: dates });
    expect(await events(robot, "credential.overdue")).toHaveLength(1);
  }
  await later(midnight + overdueEveryMs, key);
  expect(await events(robot, "credential.overdue")).toHaveLength(1);
  await later(midnight + overdueEveryMs + provedEveryMs, key);
  expect(await events(robot, "credential.overdue")).toHaveLength(2);
});

test("a key says when it last bought a ticket, to the hour, and for which instance [K9]", async () => {
  const { world, robot, key, ticket, list } = await createRotating();
  const seen = async () => {
    const [{ lastProvedAt, lastInstance } = { lastProvedAt: 0 }] = await list(robot);
    return [lastProvedAt, lastInstance];
  };
  const enrolledAt = world.clock.now();
  await world.clock.advance(provedEveryMs - 1);
  await ticket(robot, key);
  expect(await seen()).toEqual([enrolledAt, undefined]);
  await world.clock.advance(1);
  await ticket(robot, key);
  expect(await seen()).toEqual([world.clock.now(), undefined]);
  await world.clock.advance(1_000);
  await ticket(robot, key, { instance: "ins_bbbbbbbb" });
  expect(await seen()).toEqual([world.clock.now(), "ins_bbbbbbbb"]);
});

test("a robot ticket asks the store for one read and one write, whatever it changes about the key [K2, K9]", async () => {
  const { world, robot, key, rotate, ticket } = await createRotating();
  const { requests } = world.system;
  const counted = async (work: () => Promise<unknown>) => {
    requests.reset();
    await work();
    return requests.counts();
  };
  const next = createKey(world);
  expect(await counted(() => ticket(robot, key))).toEqual({ BatchGetItem: 1, PutItem: 1 });
  await rotate(robot, key, next);
  expect(await counted(() => ticket(robot, next))).toEqual({ BatchGetItem: 1, TransactWriteItems: 1 });
  expect(await counted(() => ticket(robot, next))).toEqual({ BatchGetItem: 1, PutItem: 1 });
});

test("20 rotations while signals flow: no connection drops, no signal is lost [K2, N6]", async () => {
  const { world, robot, key, rotate } = await createRotating();
  const { body } = await world.call<{ ticket: string; session: { id: string } }>("POST", "/v1/tickets/robot", {
    body: { assertion: key.assertion(robot) },
  });
  const robotEnd = await world.connect(body.ticket);
  await world.say(robotEnd, { type: "hello", ...greeting });
  const client = await world.join({ id: robot } as never, "owner@tether.local");
  let current = key;
  for (let seq = 1; seq <= 20; seq++) {
    const next = createKey(world);
    const renewal = async () =>
      (await world.call<{ ticket: string }>("POST", "/v1/tickets/robot", { body: { assertion: next.assertion(robot), use: "renew" } })).body
        .ticket;
    await rotate(robot, current, next, { retireNow: seq % 2 === 0 });
    await world.say(client, { type: "signal", to: body.session.id, stream: 1, seq, data: { kind: "app", body: seq } });
    await world.say(robotEnd, { type: "auth.renew", ticket: await renewal() });
    await world.say(robotEnd, { type: "signal", to: client.session, stream: 1, seq, data: { kind: "app", body: seq } });
    current = next;
    await world.clock.advance(1_000);
  }
  expect([robotEnd.all("signal").length, client.all("signal").length, robotEnd.all("auth.renewed").length]).toEqual([20, 20, 20]);
  expect([robotEnd.closed, client.closed, client.all("peer.away").length]).toEqual([undefined, undefined, 0]);
});

test("who may only operate a robot can neither list its keys nor register or revoke one [A3]", async () => {
  const { world, robot, key, revoke } = await createRotating();
  const register = await world.call("POST", `/v1/robots/${robot}/credentials`, {
    as: operator,
    body: { publicKey: createKey(world).publicKey },
  });
  const listed = await world.call("GET", `/v1/robots/${robot}/credentials`, { as: operator });
  const anonymous = await world.call("POST", `/v1/robots/${robot}/credentials`, { body: { publicKey: createKey(world).publicKey } });
  expect([register.body.code, listed.body.code, (await revoke(robot, key.kid, { as: operator })).body.code, anonymous.body.code]).toEqual([
    "robot.unknown",
    "robot.unknown",
    "robot.unknown",
    "auth.missing",
  ]);
});
