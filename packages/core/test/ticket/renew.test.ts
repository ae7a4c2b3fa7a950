import type { Store } from "@tether/core/store";
import { expect, test } from "vitest";
import { attended } from "../../../local/test/world/attended.ts";
import type { RawEnd } from "../../../local/test/world/raw-end.ts";
import { type KeyHolder, operator, owner, type World } from "../../../local/test/world/world.ts";
import { renew as renewBy, unseal } from "../../src/ticket/index.ts";

const minute = 60_000;
const grants = ({ id }: KeyHolder) => `/v1/robots/${id}/grants`;
const give = (world: World, robot: KeyHolder, role: string) =>
  world.call("PUT", grants(robot), { as: owner, body: { to: `email:${operator}`, role } });

/** The session's item as it stands. */
async function stored(world: World, robot: KeyHolder, slot: string) {
  return JSON.parse(await world.item(robot, slot)) as { version: number; renewals: number; authExpiresAt: number; state: string };
}

async function renewalNow(world: World, robot: KeyHolder, { session }: RawEnd, as = operator): Promise<string> {
  return (await world.ticketFor.client(robot, as, { session, use: "renew" })).body.ticket;
}

/** Bought with a token that is newer than the one that the lease stands on. */
async function renewal(world: World, robot: KeyHolder, end: RawEnd, as = operator): Promise<string> {
  await world.clock.advance(1_000);
  return await renewalNow(world, robot, end, as);
}

const renew = (world: World, end: RawEnd, ticket: string, id = "r") => world.say(end, { type: "auth.renew", id, ticket });

test("a renewal moves the lease on, in place, and is on the timeline; its ticket is good once [L3, L4]", async () => {
  const { world, robot, driver } = await attended();
  await world.clock.advance(60_000);
  const [first, second] = [await renewal(world, robot, driver), await renewal(world, robot, driver)];
  const { version } = await stored(world, robot, driver.session);
  world.system.requests.reset();
  await renew(world, driver, first);
  expect(world.system.requests.counts()).toEqual({ TransactWriteItems: 1 });
  const authExpiresAt = driver.last("auth.renewed")?.expiresAt ?? 0;
  expect((await stored(world, robot, driver.session)).version).toBe(version + 1);
  expect(await stored(world, robot, driver.session)).toMatchObject({ renewals: 1, authExpiresAt, state: "online" });
  const entry = (await world.timeline(robot)).find(({ type }) => type === "session.renewed");
  expect(entry).toMatchObject({ session: driver.session, inferred: false, actor: { type: "user" }, evidence: { authExpiresAt } });
  await renew(world, driver, second, "again");
  expect(driver.last("problem")).toMatchObject({ id: "again", code: "ticket.used" });
  await renew(world, driver, await renewal(world, robot, driver));
  expect(await stored(world, robot, driver.session)).toMatchObject({ renewals: 2 });
});

test("a client whose role was changed after its ticket was issued is refused, and a robot whose key was revoked [T6]", async () => {
  const { world, robot, driver, robotEnd } = await attended();
  const ticket = await renewal(world, robot, driver);
  await give(world, robot, "viewer");
  await renew(world, driver, ticket);
  expect(driver.last("problem")).toMatchObject({ code: "access.denied" });
  const { body } = await world.ticketFor.robot(robot, "renew");
  await world.system.store.entities.credential.patch({ robotId: robot.id, kid: robot.kid }).set({ state: "revoked" }).go();
  await renew(world, robotEnd, body.ticket);
  expect(robotEnd.last("problem")).toMatchObject({ code: "credential.unknown" });
});

test.each([
  ["the robot was deleted", ({ entities }: Store, robot: KeyHolder) => entities.robot.delete({ robotId: robot.id }).go()],
  [
    "the grant was taken",
    ({ entities }: Store, robot: KeyHolder) => entities.grant.delete({ robotId: robot.id, to: `email:${operator}` }).go(),
  ],
  [
    "the user was signed out everywhere",
    ({ entities }: Store, _: KeyHolder, userId: string, at: number) =>
      entities.accessPolicy.put({ userId, revokedBefore: at + 1_000 }).go(),
  ],
])("a renewal is refused where %s behind the session's back [T6]", async (what, take) => {
  const { world, robot, driver, robotEnd } = await attended();
  const tickets = { driver: await renewal(world, robot, driver), robot: (await world.ticketFor.robot(robot, "renew")).body.ticket };
  const { id } = (await world.call<{ id: string }>("GET", "/v1/users/me", { as: operator })).body;
  await take(world.system.store, robot, id, world.clock.now());
  await renew(world, driver, tickets.driver);
  await renew(world, robotEnd, tickets.robot);
  expect(driver.last("problem")).toMatchObject({ code: "access.denied" });
  expect(robotEnd.last("problem")?.code).toBe(what.includes("robot") ? "credential.unknown" : undefined);
});

test("a connection that was handed over renews nothing [L3]", async () => {
  const { world, robot, driver } = await attended();
  const ticket = await renewal(world, robot, driver);
  await world.join(robot, operator, { session: driver.session });
  await renew(world, driver, ticket);
  expect(driver.last("problem")).toMatchObject({ code: "session.superseded" });
});

test("a ticket for another robot, or of another session, renews nothing [T5]", async () => {
  const { world, robot, driver, boss } = await attended();
  const before = await world.item(robot, driver.session);
  await renew(world, driver, await renewal(world, robot, boss, owner));
  expect(driver.last("problem")).toMatchObject({ code: "ticket.purpose" });
  expect(await world.item(robot, driver.session)).toBe(before);
});

test("a renewal while the next connection waits for its hello is the session's, and that connection goes on waiting [L3]", async () => {
  const { world, robot, driver, robotEnd } = await attended();
  const { body } = await world.ticketFor.client(robot, operator, { session: driver.session });
  const next = await world.connect(body.ticket);
  robotEnd.clear();
  await renew(world, driver, await renewal(world, robot, driver));
  expect(driver.last("auth.renewed")).toMatchObject({ expiresAt: expect.any(Number) });
  expect(robotEnd.frames).toEqual([]);
  await world.say(next, { type: "hello", protocol: 1, features: [], instance: "ins_aaaaaaaa", received: {} });
  expect(next.last("welcome")?.session).toMatchObject({ id: driver.session, epoch: 2 });
});

test("a renewal by the token that the lease stands on moves nothing: it is told so and writes nothing; a newer token renews [L3.2]", async () => {
  const { world, robot, driver } = await attended();
  const ticket = await renewalNow(world, robot, driver);
  const before = await world.item(robot, driver.session);
  world.system.requests.reset();
  await renew(world, driver, ticket);
  await renew(world, driver, ticket, "twice");
  expect(world.system.requests.counts()).toEqual({ GetItem: 2, Query: 2 });
  expect(driver.frames.map(({ type }) => type)).not.toContain("auth.renewed");
  expect(driver.all("problem")).toMatchObject([
    { id: "r", code: "auth.unmoved" },
    { id: "twice", code: "auth.unmoved" },
  ]);
  expect(await world.item(robot, driver.session)).toBe(before);
  expect((await world.timeline(robot)).map(({ type }) => type)).not.toContain("session.renewed");
  await renew(world, driver, await renewal(world, robot, driver));
  expect(driver.all("auth.renewed")).toHaveLength(1);
});

test("a token of the same time that gives another role renews, though the lease ends when it did [L3.2]", async () => {
  const { world, robot, driver } = await attended();
  await give(world, robot, "owner");
  await renew(world, driver, await renewalNow(world, robot, driver));
  expect(driver.all("auth.renewed")).toHaveLength(1);
  expect(await stored(world, robot, driver.session)).toMatchObject({ principal: { role: "owner" } });
});

test("a lease that is over is not renewed until an instant that has passed, whatever else the ticket changes [L3.2, L2]", async () => {
  const { world, robot, driver } = await attended();
  const client = await world.join(robot, operator, { lifeMs: 5 * minute });
  await world.clock.advance(5 * minute - 20_000);
  await give(world, robot, "owner");
  const { body } = await world.ticketFor.client(robot, operator, { session: client.session, use: "renew", lifeMs: 20_000 });
  await world.clock.advance(20_000);
  expect(client.all("auth.expired")).toHaveLength(1);
  await renew(world, client, body.ticket);
  expect(client.last("problem")).toMatchObject({ code: "auth.unmoved" });
  expect(await stored(world, robot, client.session)).toMatchObject({ state: "expired" });
  await world.clock.advance(minute);
  expect(client.last("bye")).toMatchObject({ cause: "auth.expired" });
  expect(driver.all("bye")).toEqual([]);
});

test("a ticket bought before a hand-over renews nothing after it, as the next connection's lease may end later [L4, L4.1]", async () => {
  const { world, robot } = await attended();
  await world.clock.advance(1_000);
  const { body } = await world.ticketFor.robot(robot, "renew");
  await world.clock.advance(30_000);
  const next = await world.join(robot);
  const { authExpiresAt } = await stored(world, robot, "robot");
  await renew(world, next, body.ticket);
  expect(next.last("problem")).toMatchObject({ code: "ticket.used" });
  expect(await stored(world, robot, "robot")).toMatchObject({ authExpiresAt });
});

test("a session whose lease is over goes on with a renewal, and its peers hear that it can be sent to again [L3]", async () => {
  const { world, robot, robotEnd, watcher } = await attended();
  const client = await world.join(robot, operator, { lifeMs: 5 * 60_000 });
  await world.clock.advance(5 * 60_000);
  expect(client.all("auth.expired")).toHaveLength(1);
  for (const end of [robotEnd, watcher]) end.clear();
  await renew(world, client, await renewal(world, robot, client));
  expect(client.last("auth.renewed")).toBeDefined();
  expect(await stored(world, robot, client.session)).toMatchObject({ state: "online", renewals: 1 });
  expect(robotEnd.all("peer.online")).toMatchObject([{ peer: { session: client.session } }]);
  expect(watcher.all("peer.online")).toEqual([]);
});

test("a renewal as an owner goes on monitoring; one with fewer rights ends monitoring and control [L4, D6]", async () => {
  const { world, robot } = await attended();
  await give(world, robot, "owner");
  const monitor = await world.join(robot, operator, { features: ["monitor"] });
  await world.say(monitor, { type: "control.request" });
  await renew(world, monitor, await renewal(world, robot, monitor));
  expect([monitor.all("auth.renewed").length, monitor.all("monitor.ended")]).toEqual([1, []]);
  // The grant is written as by an invocation that was cut off before it looked for sessions.
  await world.system.store.entities.grant
    .patch({ robotId: robot.id, to: `email:${operator}` })
    .set({ role: "viewer" })
    .go();
  await renew(world, monitor, await renewal(world, robot, monitor));
  expect([monitor.all("auth.renewed").length, monitor.all("monitor.ended").length]).toEqual([2, 1]);
  expect(monitor.all("control.changed").at(-1)).toMatchObject({ because: "revoked" });
});

test("a session that ended, or lost its connection, is not renewed: it is another connection's, or nobody's [L3]", async () => {
  const { world, robot, driver } = await attended();
  const { env, store } = world.system;
  const claims = unseal(env, await renewal(world, robot, driver), "renew");
  if ("problem" in claims) throw new Error(claims.problem);
  const { connection, principal } = JSON.parse(await world.item(robot, driver.session));
  const identity = { ...claims, connection, principal };
  driver.socket.close(1001);
  await world.idle();
  expect(await renewBy(env, identity, claims)).toEqual({ problem: "session.superseded" });
  await store.entities.session.delete({ robotId: robot.id, slot: driver.session }).go();
  expect(await renewBy(env, identity, claims)).toEqual({ problem: "session.superseded" });
});

test("a renewal is counted as a transition when it was written, and only then [L3]", async () => {
  const { world, robot, driver } = await attended();
  const claims = unseal(world.system.env, await renewal(world, robot, driver), "renew");
  if ("problem" in claims) throw new Error(claims.problem);
  const { connection, principal } = JSON.parse(await world.item(robot, driver.session));
  const identity = { ...claims, connection, principal };
  const counted: string[] = [];
  const env = { ...world.system.env, onTransition: ({ type }: { type: string }) => void counted.push(type) };
  expect(await renewBy(env, identity, claims)).toEqual({ authExpiresAt: claims.authExpiresAt });
  expect(counted).toEqual(["session.renewed"]);
  expect(await renewBy(env, identity, claims)).toEqual({ problem: "ticket.used" });
  expect(counted).toHaveLength(1);
  // A client that counts nothing renews as well.
  const { onTransition: _, ...silent } = env;
  expect(await renewBy(silent, identity, { ...claims, renewals: 1 })).toEqual({ authExpiresAt: claims.authExpiresAt });
});
