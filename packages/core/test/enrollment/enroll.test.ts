import { limits } from "@tether/protocol/limits";
import { describe, expect, test } from "vitest";
import { createKey, hashOf, keysIn } from "../../../local/test/world/key.ts";
import { createWorld, operator, owner } from "../../../local/test/world/world.ts";

async function createEnrolling() {
  const world = await createWorld();
  return { world, ...keysIn(world) };
}

test.each(["Ed25519", "P-256"] as const)("a robot that knows only its code gets in with its own %s key [N1, N3]", async (curve) => {
  const { world, createRobot, codeFor, redeem, ticket, events } = await createEnrolling();
  const robot = await createRobot();
  const { code, expiresAt } = await codeFor(robot);
  expect(expiresAt).toBe(world.clock.now() + limits.enrollment.lifeMs);
  const key = createKey(world, curve);
  const { status, body } = await redeem(code.toLowerCase().replaceAll("-", " "), key);
  expect(status).toBe(201);
  expect(body).toMatchObject({
    robot: { id: robot, name: "Rover" },
    credential: { kid: key.kid, state: "active" },
    api: { origin: world.system.origin },
    serverTime: world.clock.now(),
  });
  expect((await ticket(robot, key)).status).toBe(201);
  expect(await events(robot, "credential.enrolled")).toHaveLength(1);
});

test("a code comes with the script that installs a robot [N7]", async () => {
  const { world, createRobot, codeFor } = await createEnrolling();
  expect((await codeFor(await createRobot())).install).toBe(`${world.system.origin}/install/robot.sh`);
});

describe("a code that is not open is answered alike", () => {
  test("whether it is wrong, used, replaced, over, of a deleted robot or no code at all [N2, N4]", async () => {
    const { world, createRobot, codeFor, redeem } = await createEnrolling();
    const [robot, other] = [await createRobot(), await createRobot("Other")];
    const used = (await codeFor(robot)).code;
    await redeem(used, createKey(world));
    const replaced = (await codeFor(robot)).code;
    const over = (await codeFor(robot)).code;
    const orphaned = (await codeFor(other)).code;
    await world.call("DELETE", `/v1/robots/${other}`, { as: owner });
    const refused = [
      await redeem(used, createKey(world)),
      await redeem(replaced, createKey(world)),
      await redeem(orphaned, createKey(world)),
    ];
    refused.push(await redeem("7K3M-9Q2X-0ABC-DEFG-HJKM-NPQR-STVW", createKey(world)), await redeem("nonsense", createKey(world)));
    await world.clock.advance(limits.enrollment.lifeMs);
    refused.push(await redeem(over, createKey(world)));
    const told = refused.map(({ status, body }) => ({ status, ...body, serverTime: 0 }));
    expect(told[0]).toMatchObject({ status: 403, code: "enrollment.invalid" });
    for (const answer of told) expect(answer).toEqual(told[0]);
  });

  test("and good until the last moment of its life [N1]", async () => {
    const { world, createRobot, codeFor, redeem } = await createEnrolling();
    const { code } = await codeFor(await createRobot());
    await world.clock.advance(limits.enrollment.lifeMs - 1);
    expect((await redeem(code, createKey(world))).status).toBe(201);
  });

  test("when the store is out of reach nobody is let in, and the code stays good [N4, A4]", async () => {
    const { world, createRobot, codeFor, redeem } = await createEnrolling();
    const { code } = await codeFor(await createRobot());
    world.system.requests.before(() => "cut");
    expect((await redeem(code, createKey(world))).body).toMatchObject({ code: "unavailable" });
    world.system.requests.before(undefined);
    expect((await redeem(code, createKey(world))).status).toBe(201);
  });
});

test("of 50 robots that race for a code one gets in [N4]", async () => {
  const { world, createRobot, codeFor, redeem, ticket, list } = await createEnrolling();
  const robot = await createRobot();
  const { code } = await codeFor(robot);
  const keys = Array.from({ length: 50 }, () => createKey(world));
  const answers = await Promise.all(keys.map((key) => redeem(code, key)));
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  expect(answers.filter(({ body }) => body.code === "enrollment.invalid")).toHaveLength(49);
  expect(await list(robot)).toHaveLength(1);
  const tickets = await Promise.all(keys.map((key) => ticket(robot, key)));
  expect(tickets.map(({ status }) => status === 201)).toEqual(answers.map(({ status }) => status === 201));
});

test("a code redeemed again with the same key within its life is answered as the first time, also at once [N5]", async () => {
  const { world, createRobot, codeFor, redeem, list, events } = await createEnrolling();
  const robot = await createRobot();
  const { code } = await codeFor(robot);
  const key = createKey(world);
  const answers = [...(await Promise.all([redeem(code, key), redeem(code, key)])), await redeem(code, key)];
  for (const { status, body } of answers) expect({ status, body }).toEqual({ status: 201, body: answers[0]?.body });
  expect([await list(robot), await events(robot, "credential.enrolled")].map(({ length }) => length)).toEqual([1, 1]);
  await world.clock.advance(limits.enrollment.lifeMs);
  expect((await redeem(code, key)).body).toMatchObject({ code: "enrollment.invalid" });
});

test("a key that is known may enroll again with a new code; one that was revoked never comes back [N4]", async () => {
  const { codeFor, redeem, revoke, enrolled } = await createEnrolling();
  const { robot, key } = await enrolled();
  expect((await redeem((await codeFor(robot)).code, key)).status).toBe(201);
  await revoke(robot, key.kid, { force: true });
  expect((await redeem((await codeFor(robot)).code, key)).body).toMatchObject({ code: "credential.retired" });
});

test("a proof must be by the key, for this code and service, of its type, and live a minute at most [N3]", async () => {
  const { world, createRobot, codeFor, redeem } = await createEnrolling();
  const robot = await createRobot();
  const { code } = await codeFor(robot);
  const [key, other] = [createKey(world), createKey(world)];
  const now = Math.floor(world.clock.now() / 1000);
  const sub = hashOf(code);
  const wrong = {
    "by another key": other.proof(sub),
    "for a robot": key.proof(robot),
    "for another code": key.proof(hashOf("0".repeat(28))),
    "for another service": key.proof(sub, { aud: "https://elsewhere.example" }),
    "of another type": key.proof(sub, {}, { typ: "JWT" }),
    "without a signature": `${key.proof(sub, {}, { alg: "none" }).split(".").slice(0, 2).join(".")}.`,
    "under the name of another algorithm": key.proof(sub, {}, { alg: "HS256" }),
    "that lives longer": key.proof(sub, { exp: now + 61 }),
    "that has no end": key.proof(sub, { exp: undefined }),
    "that is none": "a.b.c",
  };
  for (const [name, proof] of Object.entries(wrong)) {
    expect([name, (await redeem(code, key, { proof })).body.code]).toEqual([name, "proof.invalid"]);
  }
  for (const offset of [-7_200, 7_200]) {
    const { body } = await redeem(code, key, { proof: key.proof(sub, { iat: now + offset, exp: now + offset + 60 }) });
    expect(body).toMatchObject({ code: "assertion.clock", serverTime: world.clock.now() });
  }
  const offCurve = { kty: "EC", crv: "P-256", x: "A".repeat(43), y: "A".repeat(43) };
  expect((await redeem(code, key, { publicKey: offCurve })).status).toBe(401);
  expect((await redeem(code, key)).status).toBe(201);
});

test("only owners make codes [N1, A3]", async () => {
  const { world, createRobot } = await createEnrolling();
  const robot = await createRobot();
  const ask = async (as?: string) => (await world.call("POST", `/v1/robots/${robot}/enrollments`, as ? { as } : {})).body.code;
  expect(await ask(operator)).toBe("robot.unknown");
  await world.call("PUT", `/v1/robots/${robot}/grants`, { as: owner, body: { to: `email:${operator}`, role: "operator" } });
  expect(await ask(operator)).toBe("access.denied");
  expect(await ask()).toBe("auth.missing");
});
