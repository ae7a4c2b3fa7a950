import { KeyId, RobotId } from "@tether/protocol/id";
import { describe, expect, test } from "vitest";
import { createKey, keysIn, type TestKey } from "../../../local/test/world/key.ts";
import { meanwhile } from "../../../local/test/world/meanwhile.ts";
import { createWorld, owner, type World } from "../../../local/test/world/world.ts";
import { prove, usedUp, useUp } from "../../src/credential/prove.ts";

async function createKeys() {
  const world = await createWorld();
  const keys = keysIn(world);
  const { robot, key } = await keys.enrolled();
  const register = (next: TestKey, as = owner) =>
    world.call<{ code?: string; state?: string; registeredAt?: number; registeredBy?: string }>("POST", `/v1/robots/${robot}/credentials`, {
      as,
      body: { publicKey: next.publicKey },
    });
  const { credential } = world.system.store.entities;
  const set = (of: TestKey, state: "active" | "retiring" | "pending") =>
    credential
      .patch({ robotId: robot, kid: of.kid })
      .set({ state, retiresAt: world.clock.now() + 60_000 })
      .go();
  return { world, ...keys, robot, key, register, set };
}

/** Does something right before each transaction from now on. Answers how many there were. */
function beforeEachWrite({ system }: World, change: (n: number) => Promise<unknown>): () => number {
  const { transaction } = system.store;
  const { write } = transaction;
  let count = 0;
  transaction.write = ((build: never) => ({
    async go() {
      await change(count++);
      return write(build).go();
    },
  })) as never;
  return () => count;
}

describe("a key that an owner registers", () => {
  test("is active from then on, and on the timeline once, however often it is registered [K1]", async () => {
    const { world, robot, register, events } = await createKeys();
    const next = createKey(world);
    const registeredAt = world.clock.now();
    const { id } = (await world.call<{ id: string }>("GET", "/v1/users/me", { as: owner })).body;
    const told = { kid: next.kid, state: "active", registeredAt, registeredBy: id, activatedAt: registeredAt };
    expect((await register(next)).body).toEqual(told);
    await world.clock.advance(1_000);
    expect((await register(next)).body).toEqual(told);
    const entries = (await events(robot, "credential.registered")).filter(({ evidence }) => evidence?.kid === next.kid);
    expect(entries).toMatchObject([{ inferred: false, actor: { type: "user", id } }]);
  });

  test("is none of a robot that is deleted meanwhile, nor where it is no point of its curve", async () => {
    const { world, robot, register, list } = await createKeys();
    const next = createKey(world, "P-256");
    const x = Buffer.alloc(32, 1).toString("base64url");
    const off = { ...next, publicKey: { ...next.publicKey, x } } as TestKey;
    expect((await register(off)).body.code).toBe("credential.invalid");
    meanwhile(world, () => world.system.store.entities.robot.delete({ robotId: robot as RobotId }).go());
    expect((await register(next)).body.code).toBe("robot.unknown");
    expect(await list(robot)).toBeUndefined();
  });

  test("is listed although it was registered this moment", async () => {
    const { world, robot, register, list } = await createKeys();
    await world.clock.advance(1_000);
    world.system.faults.set([{ name: "store.stale", windowMs: 500, rate: 1 }]);
    const next = createKey(world);
    await register(next);
    expect((await list(robot)).map(({ kid }) => kid)).toContain(next.kid);
  });
});

describe("a key that changes in each write of", () => {
  test("a rotation is looked at three times, and the robot is told to try later", async () => {
    const { world, robot, key, rotate, events } = await createKeys();
    const count = beforeEachWrite(world, async (n) => {
      await world.system.store.entities.credential
        .patch({ robotId: robot, kid: key.kid })
        .set({ successor: `other-${n}` as KeyId })
        .go();
    });
    const { status, body } = await rotate(robot, key, createKey(world));
    expect([status, body.code, count()]).toEqual([503, "unavailable", 3]);
    expect(await events(robot, "credential.pending")).toEqual([]);
  });

  test("a revocation is looked at five times, and the owner is told to try later", async () => {
    const { world, robot, key, revoke, set, stateOf } = await createKeys();
    const count = beforeEachWrite(world, (n) => set(key, n % 2 === 0 ? "retiring" : "active"));
    const { status, body } = await revoke(robot, key.kid, { force: true });
    expect([status, body.code, count()]).toEqual([503, "unavailable", 5]);
    expect(await stateOf(robot, key)).toBe("retiring");
  });
});

describe("asking again to rotate", () => {
  test("to a key that is over is refused, and the assertion is used up [K1, A2]", async () => {
    const { world, robot, key, rotate, ticket, revoke } = await createKeys();
    const next = createKey(world);
    await rotate(robot, key, next);
    await ticket(robot, next);
    await world.system.store.entities.credential.patch({ robotId: robot, kid: key.kid }).set({ state: "active" }).go();
    await revoke(robot, next.kid, { force: true });
    const assertion = key.assertion(robot);
    expect((await rotate(robot, key, next, { assertion })).body.code).toBe("credential.retired");
    expect((await rotate(robot, key, next, { assertion })).body.code).toBe("assertion.replayed");
    await world.system.store.entities.credential.patch({ robotId: robot, kid: next.kid }).set({ state: "retired" }).go();
    expect((await rotate(robot, key, next)).body.code).toBe("credential.retired");
  });
});

describe("an assertion", () => {
  const asserted = { robotId: RobotId.parse("rob_01J00000000000000000000000"), kid: "key" as KeyId, jti: "jti", expiresAt: 1_500 };

  test("is remembered for ten minutes longer than it may live [A2]", () => {
    expect(usedUp(asserted)).toEqual({ robotId: asserted.robotId, jti: "jti", ttl: 602 });
  });

  test("is used up by one request alone, also where nothing else is written with it [A2]", async () => {
    const { env } = (await createWorld()).system;
    expect(await useUp(env, asserted)).toBe("written");
    expect(await useUp(env, asserted)).toBe("refused");
    expect(await useUp(env, { ...asserted, jti: "other" })).toBe("written");
  });

  test("is replayed or comes too late for a key that changes with it: the two are told apart [K2]", async () => {
    const { world, robot, key, rotate } = await createKeys();
    const next = createKey(world);
    await rotate(robot, key, next);
    const { data } = await world.system.store.entities.credential.get({ robotId: robot, kid: next.kid }).go({ consistent: true });
    const pending = data as never;
    const named = { ...asserted, robotId: RobotId.parse(robot), kid: KeyId.parse(next.kid) };
    expect(await prove(world.system.env, named, pending, {})).toMatchObject({ state: "active", provedAt: world.clock.now() });
    expect(await prove(world.system.env, named, pending, {})).toBe("replayed");
    expect(await prove(world.system.env, { ...named, jti: "other" }, pending, {})).toBe("moved");
  });
});

describe("the revocation of a key", () => {
  test("is on the timeline with who did it, and once more asked for finishes what an earlier one left [K6]", async () => {
    const { world, robot, key, ticket, revoke, events } = await createKeys();
    const bought = await ticket(robot, key);
    const end = await world.connect(bought.body.ticket);
    await world.say(end, { type: "hello", protocol: 1, features: [], instance: "ins_aaaaaaaa", received: {} });
    await world.system.store.entities.credential.patch({ robotId: robot, kid: key.kid }).set({ state: "revoked" }).go();
    expect((await revoke(robot, key.kid)).status).toBe(204);
    expect([end.last("bye")?.cause, await events(robot, "credential.revoked")]).toEqual(["credential.revoked", []]);
    const other = createKey(world);
    await world.call("POST", `/v1/robots/${robot}/credentials`, { as: owner, body: { publicKey: other.publicKey } });
    expect((await revoke(robot, other.kid)).status).toBe(204);
    expect(await events(robot, "credential.revoked")).toMatchObject([
      { inferred: false, actor: { type: "user" }, evidence: { kid: other.kid } },
    ]);
  });

  test("needs no other key where this one is over already [K7]", async () => {
    const { world, robot, key, revoke, set } = await createKeys();
    await set(key, "retiring");
    await world.clock.advance(60_000);
    expect((await revoke(robot, key.kid)).status).toBe(204);
  });
});
