import { limits } from "@tether/protocol/limits";
import { expect, test } from "vitest";
import { admin, createWorld, greeting, type KeyHolder, operator, owner, type World } from "../../../local/test/world/world.ts";
import { failure } from "../../src/store/patience.ts";
import { redeem, unseal } from "../../src/ticket/index.ts";

const subOf = async (world: World, as: string) => (await world.call<{ id: string }>("GET", "/v1/users/me", { as })).body.id;

test("a ticket for a session's second connection is good once, also after its hello [T3]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  await world.join(robot);
  const { body } = await world.ticketFor.robot(robot);
  const second = await world.connect(body.ticket);
  await world.say(second, { type: "hello", ...greeting });
  expect(second.last("welcome")?.session).toMatchObject({ epoch: 2 });
  expect((await world.connect(body.ticket)).status).toBe(409);
  expect((await world.ticketFor.robot(robot)).body.session).toMatchObject({ id: body.session.id, epoch: 3 });
});

test("a ticket with the role of before is refused once a lower one was given [T6]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const { body } = await world.ticketFor.client(robot, operator);
  await world.call("PUT", `/v1/robots/${robot.id}/grants`, { as: owner, body: { to: `email:${operator}`, role: "viewer" } });
  expect((await world.connect(body.ticket)).status).toBe(403);
});

test("an admin's ticket is refused once the admin was signed out everywhere [T6, U1]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const { body } = await world.ticketFor.client(robot, admin);
  const revoked = await world.call("POST", `/v1/users/revoke?sub=${await subOf(world, admin)}`, { as: admin });
  expect(revoked.status).toBe(200);
  expect((await world.connect(body.ticket)).status).toBe(403);
});

test("a user has room for so many clients at a robot, and the next one is told so", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  for (let count = 0; count < limits.session.clientsPerUser; count++) await world.join(robot, operator);
  const { status, body } = await world.ticketFor.client(robot, operator);
  expect([status, (body as { code?: string }).code]).toEqual([409, "user.full"]);
});

/** Claims of a ticket for the robot's next connection, and what redeems them as another invocation would. */
async function claimsFor(world: World, robot: KeyHolder, as = operator, session?: string) {
  const { body } = await world.ticketFor.client(robot, as, session === undefined ? {} : { session });
  const claims = unseal(world.system.env, body.ticket, "connect");
  if ("problem" in claims) throw new Error(claims.problem);
  return claims;
}

/** From now on transactions fail as those do whose items are in use all the time; `done` of them are written nevertheless. */
function contend({ system }: World, done = 0): () => number {
  const { transaction } = system.store;
  const { write } = transaction;
  let count = 0;
  transaction.write = ((build: never) => ({
    async go() {
      if (count++ < done) await write(build).go();
      throw failure("contended", "in use");
    },
  })) as never;
  return () => count;
}

test("a ticket whose session is in use by others all the time is looked at three times, and is good later", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const claims = await claimsFor(world, robot);
  const { write } = world.system.store.transaction;
  const count = contend(world);
  expect(await redeem(world.system.env, claims, "connection")).toEqual({ problem: "unavailable" });
  expect(count()).toBe(3);
  world.system.store.transaction.write = write;
  expect(await redeem(world.system.env, claims, "connection")).toMatchObject({ sessionId: claims.sessionId, epoch: 1 });
});

test("a ticket that was redeemed, though the answer was lost, is its connection's and nobody else's [T3]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const claims = await claimsFor(world, robot);
  contend(world, 1);
  expect(await redeem(world.system.env, claims, "connection")).toMatchObject({ connection: { id: "connection" } });
  expect(await redeem(world.system.env, claims, "another")).toEqual({ problem: "ticket.used" });
});

test("a later ticket is redeemed by one plain write, also where its answer is lost, and the timeline tells of its connection once it says hello [T3]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const { session } = await world.join(robot, operator);
  const claims = await claimsFor(world, robot, operator, session);
  const writes: string[] = [];
  world.system.requests.before((operation) => {
    if (/Write|Put|Update/.test(operation)) writes.push(operation);
    return writes.length === 1 && operation === writes[0] ? "lose" : "pass";
  });
  expect(await redeem(world.system.env, claims, "connection")).toMatchObject({ epoch: 2, connection: { id: "connection" } });
  world.system.requests.before(undefined);
  expect(new Set(writes)).toEqual(new Set(["UpdateItem"]));
  expect(writes.length).toBeGreaterThan(1);
  expect(JSON.parse(await world.item(robot, session))).toMatchObject({ ticketEpoch: 2, pending: { connection: { id: "connection" } } });
  expect(await redeem(world.system.env, claims, "another")).toEqual({ problem: "ticket.used" });
  expect((await world.timeline(robot)).filter(({ type }) => type === "session.opening")).toHaveLength(1);
});

test("a failure of the store that is no contention is no answer about the ticket", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const claims = await claimsFor(world, robot);
  world.system.store.transaction.write = (() => ({ go: () => Promise.reject(failure("throttled", "too much")) })) as never;
  await expect(redeem(world.system.env, claims, "connection")).rejects.toThrow("too much");
});

test("a connection that waits for its hello gives way to the next one, and is left to the sweeper with the reason [T8]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const first = await claimsFor(world, robot);
  await redeem(world.system.env, first, "first");
  const second = await claimsFor(world, robot, operator, first.sessionId);
  expect(await redeem(world.system.env, second, "second")).toMatchObject({ epoch: 2, connection: { id: "second" } });
  const { data } = await world.system.store.entities.closing.get({ connectionId: "first" }).go({ consistent: true });
  expect(data).toMatchObject({ sessionId: first.sessionId, cause: "opening.lapsed", actor: { type: "system" }, inferred: false });
  expect(await redeem(world.system.env, second, "third")).toEqual({ problem: "ticket.used" });
  const opened = (await world.timeline(robot)).filter(({ type }) => type === "session.opening");
  expect(opened).toMatchObject([{ actor: { type: "user" } }, { actor: { type: "user" } }]);
  expect(opened.at(-1)).toMatchObject({ id: first.sessionId.replace("cse", "evt") });
});

test("a robot's connection that gives way leaves how old it was, and the key that it proved [T8, P2]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const next = async (connectionId: string) => {
    const claims = unseal(world.system.env, (await world.ticketFor.robot(robot)).body.ticket, "connect");
    if ("problem" in claims) throw new Error(claims.problem);
    return redeem(world.system.env, claims, connectionId);
  };
  const { sessionId } = (await next("first")) as { sessionId: string };
  await world.clock.advance(1_000);
  expect(await next("second")).toMatchObject({ sessionId, epoch: 2 });
  const { data } = await world.system.store.entities.closing.get({ connectionId: "first" }).go({ consistent: true });
  expect(data).toMatchObject({ cause: "opening.lapsed", evidence: { connectionAgeMs: 1_000, kid: robot.kid } });
});

test("a ticket is redeemed once more by the connection that has redeemed it, whose answer was lost [T3]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const claims = await claimsFor(world, robot);
  const first = await redeem(world.system.env, claims, "first");
  expect(await redeem(world.system.env, claims, "first")).toEqual(first);
  expect(await redeem(world.system.env, claims, "other")).toEqual({ problem: "ticket.used" });
});

test("a ticket for a robot that moved to another cell meanwhile reserves nothing, and says so [T6]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const { session } = await world.join(robot, operator);
  const claims = await claimsFor(world, robot, operator, session);
  const { version } = JSON.parse(await world.item(robot, session));
  await world.system.store.entities.robot.patch({ robotId: robot.id }).set({ movedTo: "other" }).go();
  expect(await redeem(world.system.env, claims, "late")).toEqual({ problem: "robot.moving" });
  // The connection was reserved, and withdrawn.
  expect(JSON.parse(await world.item(robot, session))).toMatchObject({ version: version + 2, state: "online" });
  await world.system.store.entities.robot.patch({ robotId: robot.id }).remove(["movedTo"]).go();
  expect((await world.timeline(robot)).find(({ type }) => type === "session.lapsed")).toMatchObject({ cause: "robot.moved" });
});

test("a ticket whose session ended and whose grant was taken while it was redeemed is refused, and nothing is left of it [T6]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const claims = await claimsFor(world, robot);
  const { transaction, entities } = world.system.store;
  const { write } = transaction;
  transaction.write = ((build: never) => ({
    async go() {
      transaction.write = write;
      const outcome = await write(build).go();
      await entities.grant.delete({ robotId: robot.id, to: `email:${operator}` }).go();
      await entities.session.delete({ robotId: robot.id, slot: claims.sessionId }).go();
      return outcome;
    },
  })) as never;
  expect(await redeem(world.system.env, claims, "late")).toEqual({ problem: "access.denied" });
  expect(await world.item(robot, claims.sessionId)).toBeUndefined();
});

test("a session's first item is as its ticket says, and due when its opening lapses [T3]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const claims = await claimsFor(world, robot);
  await redeem(world.system.env, claims, "first");
  const at = world.clock.now();
  const { principal, authExpiresAt, graceMs } = claims;
  expect(JSON.parse(await world.item(robot, claims.sessionId))).toMatchObject({
    ...{ state: "opening", version: 1, epoch: 0, renewals: 0, warned: 0, verifiedAt: at, startedAt: at, since: at },
    ...{ principal, authExpiresAt, graceMs, ticketEpoch: 1, userId: principal.type === "user" && principal.id },
    pending: { epoch: 1, connection: { id: "first", since: at } },
    dueAt: at + limits.session.openingMs,
  });
});

test("a ticket whose grant was taken reserves nothing, and the timeline says why its connection was let go [T6]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const session = (await world.join(robot, operator)).session;
  const claims = await claimsFor(world, robot, operator, session);
  await world.system.store.entities.grant.delete({ robotId: robot.id, to: `email:${operator}` }).go();
  expect(await redeem(world.system.env, claims, "late")).toEqual({ problem: "access.denied" });
  expect(JSON.parse(await world.item(robot, session)).pending).toBeUndefined();
  const lapsed = (await world.timeline(robot)).find(({ type }) => type === "session.lapsed");
  expect(lapsed).toMatchObject({ cause: "grant.removed", actor: { type: "system" }, inferred: false });
});

test("a robot's ticket whose key was revoked reserves nothing [T6]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const claims = unseal(world.system.env, (await world.ticketFor.robot(robot)).body.ticket, "connect");
  if ("problem" in claims) throw new Error(claims.problem);
  await world.system.store.entities.credential.patch({ robotId: robot.id, kid: robot.kid }).set({ state: "revoked" }).go();
  expect(await redeem(world.system.env, claims, "late")).toEqual({ problem: "credential.unknown" });
});

test("a ticket with a role that its user has no more reserves nothing, and lapses [T6]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const claims = await claimsFor(world, robot, operator, (await world.join(robot, operator)).session);
  await world.system.store.entities.grant
    .patch({ robotId: robot.id, to: `email:${operator}` })
    .set({ role: "viewer" })
    .go();
  expect(await redeem(world.system.env, claims, "late")).toEqual({ problem: "access.denied" });
  expect((await world.timeline(robot)).find(({ type }) => type === "session.lapsed")).toMatchObject({ cause: "opening.lapsed" });
});
