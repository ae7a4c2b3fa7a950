import { expect, test } from "vitest";
import { RawEnd } from "../../../local/test/world/raw-end.ts";
import { createKeyHolder, createWorld, greeting, operator, owner, stranger, viewer } from "../../../local/test/world/world.ts";
import { candidate, expectTalk, pair, signal } from "./pair.ts";

/** Failures of the system that this one replaces. Each name tells the failure, which was reproduced there, and what happens here. */

test("revoked token still relays: here its sessions end with it, and it buys nothing more [U2, U3]", async () => {
  const { world, robot, robotEnd, client } = await pair();
  const { idToken } = await world.system.identity.tokensFor(operator);
  const headers = { authorization: `Bearer ${idToken}` };
  const { body } = await world.call<{ id: string }>("GET", "/v1/users/me", { headers });
  // Frames that the client sends once it is told come to nobody, and neither do those that were on their way.
  client.send(signal(robotEnd));
  await world.idle();
  robotEnd.clear();
  expect((await world.call("POST", `/v1/users/revoke?sub=${body.id}`, { headers })).status).toBe(200);
  await world.idle();
  expect([client.last("bye")?.cause, client.closed === undefined, robotEnd.all("signal")]).toEqual(["user.revoked", false, []]);
  expect((await world.call("POST", "/v1/tickets/client", { headers, body: { robot: robot.id } })).body).toMatchObject({
    code: "auth.expired",
  });
});

test("a stranger registers as an offline robot: here only the robot's key opens its session [A2, T2]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const forger = createKeyHolder(robot.id, world.system.origin, world.clock);
  const asked = [forger.assertion(), `${robot.assertion().split(".").slice(0, 2).join(".")}.${forger.assertion().split(".")[2]}`];
  for (const assertion of asked) expect((await world.call("POST", "/v1/tickets/robot", { body: { assertion } })).status).toBe(401);
  expect((await world.ticketFor.client(robot, stranger)).status).toBe(404);
  const { ticket } = (await world.ticketFor.client(robot, operator)).body;
  const [header, claims, mac] = ticket.split(".") as [string, string, string];
  const robots = { ...JSON.parse(Buffer.from(claims, "base64url").toString()), kind: "robot" };
  const altered = `${header}.${Buffer.from(JSON.stringify(robots)).toString("base64url")}.${mac}`;
  expect((await world.connect(altered)).status).toBe(403);
  expect(await world.item(robot, "robot")).toBe(undefined);
});

test("an unauthenticated socket blocks a robot: here it never becomes a connection, and one that keeps silent is in nobody's way [T2, H4]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  world.system.requests.reset();
  const strangers = Array.from({ length: 50 }, () => new RawEnd(world.quiet, world.system.brokerUrl, []));
  await world.idle();
  expect(new Set(strangers.map(({ status }) => status))).toEqual(new Set([403]));
  expect([world.system.requests.counts(), world.system.gateway.connections.list()]).toEqual([{}, []]);
  for (let n = 0; n < 5; n++) expect((await world.connect((await world.ticketFor.client(robot, operator)).body.ticket)).status).toBe(101);
  const silent = await world.connect((await world.ticketFor.robot(robot)).body.ticket);
  const robotEnd = await world.join(robot);
  await expectTalk(world, robotEnd, await world.join(robot, viewer));
  await world.say(silent, { type: "hello", ...greeting });
  expect(silent.last("problem")?.code).toBe("session.superseded");
});

test("two clients pass the session lock together: here what is to be had once is given by one conditional write [T3]", async () => {
  const { world, robot, robotEnd } = await pair();
  const { ticket } = (await world.ticketFor.client(robot, viewer)).body;
  const rivals = await Promise.all(Array.from({ length: 8 }, () => world.connect(ticket)));
  expect(rivals.map(({ status }) => status).sort()).toEqual([101, ...Array(7).fill(409)]);
  const robots = (await Promise.all([world.ticketFor.robot(robot), world.ticketFor.robot(robot)])).map(({ body }) => body.ticket);
  const ends = await Promise.all(robots.map((one) => world.connect(one)));
  expect([ends.map(({ status }) => status).sort(), robotEnd.closed]).toEqual([[101, 409], undefined]);
});

test("a locked-out user can still send candidates: here no connection of theirs counts from the write on [P2, T6]", async () => {
  const { world, robot, robotEnd, client } = await pair();
  const { ticket } = (await world.ticketFor.client(robot, operator, { session: client.session })).body;
  // Two connections of one session: the newer one is live, the frames of the older one still count for 10 s.
  const newer = await world.connect(ticket);
  await world.say(newer, { type: "hello", ...greeting });
  await world.say(client, signal(robotEnd, 1, candidate));
  await world.call("DELETE", `/v1/robots/${robot.id}/grants?to=email:${operator}`, { as: owner });
  await world.say(client, signal(robotEnd, 2, candidate));
  expect([newer.closed === undefined, client.last("problem")?.code, robotEnd.all("signal").length]).toEqual([
    false,
    "session.superseded",
    1,
  ]);
  expect((await world.ticketFor.client(robot, operator)).status).toBe(404);
});

test("checks fail open when the store is unreadable: here nobody is let in, renewed or relayed [A4]", async () => {
  const { world, robot, robotEnd, client } = await pair();
  const { ticket } = (await world.ticketFor.client(robot, operator)).body;
  const renewal = (await world.ticketFor.client(robot, operator, { session: client.session, use: "renew" })).body.ticket;
  const pending = await world.connect((await world.ticketFor.client(robot, viewer)).body.ticket);
  world.system.requests.before(() => "cut");
  expect((await world.ticketFor.robot(robot)).status).toBe(503);
  expect((await world.ticketFor.client(robot, operator)).status).toBe(503);
  expect((await world.connect(ticket)).status).toBeGreaterThanOrEqual(500);
  await world.say(pending, { type: "hello", ...greeting });
  await world.say(client, { type: "auth.renew", ticket: renewal });
  expect([pending, client].map((end) => end.last("problem")?.code)).toEqual(["unavailable", "unavailable"]);
  await world.say(client, signal(robotEnd));
  expect([client.last("undelivered")?.reason, robotEnd.all("signal")]).toEqual(["busy", []]);
});
