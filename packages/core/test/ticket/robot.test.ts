import { RobotId } from "@tether/protocol/id";
import { limits } from "@tether/protocol/limits";
import { describe, expect, test } from "vitest";
import { createInstances, first, second, third } from "../../../local/test/world/instances.ts";
import { createKey } from "../../../local/test/world/key.ts";
import { createWorld, greeting, operator, owner } from "../../../local/test/world/world.ts";
import { forClient, forRobot, unseal } from "../../src/ticket/index.ts";

const minute = 60_000;
describe("a robot's ticket", () => {
  test("is for its session: of the next connection, or of a renewal, which needs one [T5, T8]", async () => {
    const { world, ask } = await createInstances();
    expect((await ask({ use: "renew" })).body.code).toBe("session.unknown");
    const bought = await ask();
    expect(bought.body.session).toMatchObject({ id: expect.stringMatching(/^rse_/), epoch: 1, resumed: false });
    const end = await world.connect(bought.body.ticket);
    // The session opens: nothing of it can be gone on with yet.
    expect((await ask()).body.session).toEqual({ id: bought.body.session.id, epoch: 2, resumed: false });
    await world.say(end, { type: "hello", ...greeting });
    expect((await ask()).body.session).toEqual({ id: bought.body.session.id, epoch: 2, resumed: true });
    expect((await ask({ use: "renew" })).body.session).toMatchObject({ id: bought.body.session.id, epoch: 1 });
    await world.say(await world.connect((await ask()).body.ticket), { type: "hello", ...greeting });
    expect((await ask({ use: "renew" })).body.session).toMatchObject({ id: bought.body.session.id, epoch: 2 });
  });

  test("gives its session the grace that the robot was set [D18]", async () => {
    const world = await createWorld();
    const robot = await world.createRobot();
    await world.call("PATCH", `/v1/robots/${robot.id}`, { as: owner, body: { grace: { robotMs: 30_000 } } });
    const claims = unseal(world.system.env, (await world.ticketFor.robot(robot)).body.ticket, "connect");
    expect(claims).toMatchObject({ graceMs: 30_000 });
  });

  test("is refused to whoever signs for a key that is unknown, and to a key that changes whenever it is looked at", async () => {
    const { world, robot, key, ticket } = await createInstances();
    expect((await ticket(robot, createKey(world))).body.code).toBe("assertion.key");
    const at = world.clock.now() + limits.credential.provedEveryMs;
    const env = { ...world.system.env, clock: { now: () => at } };
    const asserted = { robotId: RobotId.parse(robot), kid: key.kid, jti: "jti", expiresAt: at + minute };
    const { credential } = world.system.store.entities;
    let looks = 0;
    const verify = async () => {
      looks += 1;
      // Another state is there at the write than the one that was read.
      const { data } = await credential.get({ robotId: robot, kid: key.kid }).go({ consistent: true });
      const state = data?.state === "active" ? "retiring" : "active";
      await credential
        .patch({ robotId: robot, kid: key.kid })
        .set({ state, retiresAt: at + minute })
        .go();
      return undefined;
    };
    expect(await forRobot(env, asserted, verify, { use: "connect" })).toEqual({ problem: "unavailable" });
    expect(looks).toBe(3);
  });
});

describe("of two instances", () => {
  test("the one that was superseded gets no connect ticket while the other is online, and is on the timeline [T9, K5]", async () => {
    const { ask, join, clones, world } = await createInstances();
    await join(first);
    const online = await join(second);
    expect((await ask({ instance: first })).body.code).toBe("session.superseded");
    expect(await clones()).toMatchObject([{ evidence: { instance: first, rival: second } }]);
    expect(world.lines.some(({ security }) => security === "credential.cloned")).toBe(true);
    for (const instance of [second, third, undefined]) expect((await ask({ instance })).status).toBe(201);
    expect((await ask({ instance: first, use: "renew" })).status).toBe(201);
    online.socket.close(1000);
    await world.idle();
    expect((await ask({ instance: first })).status).toBe(201);
    // Back in place of the other, it is no clone of itself.
    await join(first);
    expect([(await ask({ instance: first })).status, (await clones()).length]).toEqual([201, 1]);
  });

  test("the one that is online is asked to prove itself when another one buys a ticket, and only then [K11]", async () => {
    const { world, ask, join, clones } = await createInstances();
    const online = await join(first);
    for (const more of [{}, { instance: first }, { instance: first, use: "renew" }, { instance: second, use: "renew" }]) await ask(more);
    expect(online.all("auth.challenge")).toEqual([]);
    await ask({ instance: second });
    expect(online.all("auth.challenge")).toHaveLength(1);
    expect(await clones()).toEqual([]);
    const security = () => world.lines.filter((line) => line.security === "credential.cloned").length;
    expect(security()).toBe(0);
    await ask({ instance: first, use: "renew" });
    expect([await clones(), security()]).toMatchObject([[{ evidence: { instance: first, rival: second } }], 1]);
  });

  test("whose lease is over the superseded one still clashes, and the other still has a rival [T9, K11]", async () => {
    const { world, robot, ask, join, clones } = await createInstances();
    await join(first);
    const online = await join(second);
    await world.clock.advance(1_000);
    await ask({ instance: third });
    await world.system.store.entities.session
      .patch({ robotId: robot, slot: "robot" })
      .set({ state: "expired", closesAt: world.clock.now() + minute })
      .go();
    online.clear();
    expect((await ask({ instance: first })).body.code).toBe("session.superseded");
    expect(await clones()).toMatchObject([{ evidence: { instance: first, rival: second } }]);
    expect((await ask({ instance: second, use: "renew" })).status).toBe(201);
    expect(await clones()).toMatchObject([{ evidence: { instance: second, rival: third } }]);
    // A session whose lease is over is asked nothing: it has to renew as it is.
    await ask({ instance: third });
    expect(online.all("auth.challenge")).toEqual([]);
  });

  test("one that proved itself before the other connected is no rival [K11]", async () => {
    const { world, ask, clones } = await createInstances();
    const { ticket } = (await ask({ instance: second })).body;
    await ask({ instance: third });
    await world.clock.advance(1_000);
    await world.say(await world.connect(ticket), { type: "hello", ...greeting, instance: second });
    expect((await ask({ instance: second, use: "renew" })).status).toBe(201);
    expect(await clones()).toEqual([]);
  });

  test("one that is away, or whose robot has no session, is asked nothing and is no rival [K11]", async () => {
    const { world, ask, join, clones } = await createInstances();
    await ask({ instance: first });
    await ask({ instance: second });
    const end = await join(first);
    end.socket.close(1000);
    await world.idle();
    end.clear();
    for (const instance of [second, first, second]) expect((await ask({ instance })).status).toBe(201);
    expect([end.frames, await clones()]).toEqual([[], []]);
  });
});

describe("a client's ticket", () => {
  test("goes on with a session of its user's own, also at a robot that has no place left for another [T7, T10]", async () => {
    const world = await createWorld();
    const robot = await world.createRobot();
    const robotEnd = await world.join(robot);
    const mine = await world.join(robot, operator);
    for (let count = 1; count < limits.session.clientsPerUser; count++) await world.join(robot, operator);
    expect((await world.ticketFor.client(robot, operator)).status).toBe(409);
    expect((await world.ticketFor.client(robot, operator, { session: mine.session })).status).toBe(201);
    for (const session of ["cse_01J00000000000000000000000", (await world.join(robot, owner)).session])
      expect((await world.ticketFor.client(robot, operator, { session })).body).toMatchObject({ code: "session.unknown" });
    expect((await world.ticketFor.client(robot, operator, { use: "renew" })).body).toMatchObject({ code: "session.unknown" });
    expect(robotEnd.closed).toBeUndefined();
  });

  test("lasts as long as its token, and no longer than a lease [T7]", async () => {
    const world = await createWorld({ leaseMs: 30 * minute });
    const robot = await world.createRobot();
    const until = async (lifeMs: number) =>
      (await world.ticketFor.client(robot, operator, { lifeMs })).body.auth.expiresAt - world.clock.now();
    expect([await until(10 * minute), await until(60 * minute)]).toEqual([10 * minute, 30 * minute]);
  });

  test("names its user by name, by address where the token has none, and not at all where it has neither", async () => {
    const world = await createWorld();
    const robot = await world.createRobot();
    const now = world.clock.now();
    const nameOf = async (part: { name?: string; email?: string }) => {
      const caller = { sub: "sub", groups: ["admins"], issuedAt: now, expiresAt: now + minute, ...part };
      const issued = await forClient(world.system.env, caller, { robot: robot.id });
      return "problem" in issued ? issued : issued.claims.principal;
    };
    const [name, email] = ["Oscar", "oscar@example.com"];
    const principal = { type: "user", id: "sub", role: "owner", by: "admins", issuedAt: now };
    expect(await nameOf({ name, email })).toEqual({ ...principal, name });
    expect(await nameOf({ email })).toEqual({ ...principal, name: email });
    expect(await nameOf({})).toEqual(principal);
  });
});
