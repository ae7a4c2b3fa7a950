import { RobotId } from "@tether/protocol/id";
import { limits } from "@tether/protocol/limits";
import { problem } from "@tether/protocol/problem";
import { describe, expect, test } from "vitest";
import { createKey, keysIn, type TestKey } from "../../../local/test/world/key.ts";
import { createWorld, operator, owner } from "../../../local/test/world/world.ts";
import { rotate } from "../../src/credential/index.ts";
import { forRobot } from "../../src/ticket/index.ts";

const { expiresMs, overlapMs, provedEveryMs, rotateAfterMs } = limits.credential;

async function createProving() {
  const world = await createWorld();
  const keys = keysIn(world);
  const { robot, key } = await keys.enrolled();
  const enrolledAt = world.clock.now();
  /** The environment and a good assertion some time from now: the world's own clock would sweep every minute on the way. */
  const later = (ms: number, { kid }: TestKey) => {
    const at = enrolledAt + ms;
    const asserted = { robotId: RobotId.parse(robot), kid, jti: `${kid}-${at}`, expiresAt: at + 60_000 };
    return [{ ...world.system.env, clock: { now: () => at } }, asserted] as const;
  };
  const ticketLater = (ms: number, of: TestKey) => forRobot(...later(ms, of), () => undefined, { use: "connect" });
  const find = async ({ kid }: TestKey) => (await keys.list(robot)).find((one) => one.kid === kid);
  return { world, ...keys, robot, key, enrolledAt, later, ticketLater, find };
}

describe("a key that is proved", () => {
  test("for the first time says since when it is active, its dates count from there, and it is on the timeline once [K2, K8]", async () => {
    const { world, robot, key, rotate, ticket, find, events } = await createProving();
    const next = createKey(world);
    await rotate(robot, key, next);
    await world.clock.advance(5_000);
    const since = world.clock.now();
    for (const afterMs of [0, 1_000, provedEveryMs]) {
      await world.clock.advance(afterMs);
      const { credential } = (await ticket(robot, next)).body;
      expect(credential).toEqual({ kid: next.kid, rotateAfter: since + rotateAfterMs, expiresAt: since + expiresMs });
    }
    expect(await find(next)).toMatchObject({ activatedAt: since });
    expect(await events(robot, "credential.activated")).toHaveLength(1);
  });

  test("again within the hour by the same instance, or by one that is not named, is as it was [K9]", async () => {
    const { world, robot, key, ticket, find } = await createProving();
    await ticket(robot, key, { instance: "ins_aaaaaaaa" });
    const before = await find(key);
    await world.clock.advance(1_000);
    await ticket(robot, key, { instance: "ins_aaaaaaaa" });
    await ticket(robot, key);
    expect(await find(key)).toEqual(before);
  });

  test("is overdue from its date on, but not where it retires: it was replaced [K3, K8]", async () => {
    const { world, robot, key, later, ticketLater, events, find } = await createProving();
    expect(await ticketLater(expiresMs, key)).toHaveProperty("ticket");
    expect(await events(robot, "credential.overdue")).toMatchObject([{ inferred: false, evidence: { kid: key.kid } }]);
    const next = createKey(world);
    expect(await rotate(...later(expiresMs + 1, key), () => undefined, { publicKey: next.publicKey })).toMatchObject({ state: "pending" });
    await ticketLater(expiresMs + 2, next);
    expect(await ticketLater(expiresMs + overlapMs - 1, key)).toHaveProperty("ticket");
    expect((await find(key))?.state).toBe("retiring");
    expect(await events(robot, "credential.overdue")).toHaveLength(1);
  });
});

describe("a next key", () => {
  test("is not announced by an assertion that is refused, and the refusal is told as it is [K1, A2]", async () => {
    const { world, key, later, find } = await createProving();
    const next = createKey(world);
    const refused = await rotate(...later(0, key), () => problem("assertion.expired"), { publicKey: next.publicKey });
    expect([refused, await find(next)]).toEqual([{ problem: "assertion.expired" }, undefined]);
  });

  test("that is no point of its curve, or is the current one, is refused by what is wrong with it [K1]", async () => {
    const { world, key, later } = await createProving();
    const x = Buffer.alloc(32, 1).toString("base64url");
    const off = { ...createKey(world, "P-256").publicKey, x } as TestKey["publicKey"];
    expect(await rotate(...later(0, key), () => undefined, { publicKey: off })).toEqual({ problem: "credential.invalid" });
    const same = await rotate(...later(0, key), () => undefined, { publicKey: key.publicKey });
    expect(same).toEqual({ problem: "request.invalid", fields: ["publicKey"] });
  });
});

test("an operator of a robot can neither list its keys nor register or revoke one [A3]", async () => {
  const { world, robot, key, revoke, list } = await createProving();
  await world.call("PUT", `/v1/robots/${robot}/grants`, { as: owner, body: { to: `email:${operator}`, role: "operator" } });
  const path = `/v1/robots/${robot}/credentials`;
  const answers = [
    await world.call("GET", path, { as: operator }),
    await world.call("POST", path, { as: operator, body: { publicKey: createKey(world).publicKey } }),
    await revoke(robot, key.kid, { as: operator, force: true }),
  ];
  expect(answers).toMatchObject(answers.map(() => ({ status: 403, body: { code: "access.denied" } })));
  expect((await list(robot)).map(({ state }) => state)).toEqual(["active"]);
});
