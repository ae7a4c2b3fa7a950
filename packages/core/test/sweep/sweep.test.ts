import { limits } from "@tether/protocol/limits";
import { expect, test } from "vitest";
import { createWorld, operator, type World } from "../../../local/test/world/world.ts";
import { sweep } from "../../src/sweep/index.ts";

const minute = 60_000;

/** Lets time pass with keepalives, so that the gateway does not find the ends idle. */
async function pass(world: World, ms: number, ...ends: { send(frame: object): void; closed: unknown }[]): Promise<void> {
  for (let left = ms; left > 0; left -= 4 * minute) {
    await world.clock.advance(Math.min(left, 4 * minute));
    for (const end of ends) if (!end.closed) end.send({ type: "ping" });
    await world.idle();
  }
}

test.each([0, 17_000, 59_999])(
  "a lease is warned about 10 min and 1 min ahead with its deadline, each once and at the next sweep, which is %i ms off [L1]",
  async (offMs) => {
    const world = await createWorld();
    const robot = await world.createRobot();
    await world.clock.advance(offMs);
    const client = await world.join(robot, operator, { lifeMs: 20 * minute });
    const told: number[] = [];
    const { onmessage } = client.socket;
    client.socket.onmessage = (event) => {
      onmessage?.(event);
      if (client.frames.at(-1)?.type === "auth.expiring") told.push(world.clock.now());
    };
    // A token's life ends with a second.
    const expiresAt = client.last("welcome")?.deadlines.authExpiresAt ?? 0;
    await pass(world, 20 * minute - 1_000, client);
    expect(client.all("auth.expiring")).toEqual([
      { type: "auth.expiring", expiresAt },
      { type: "auth.expiring", expiresAt },
    ]);
    for (const [n, aheadMs] of limits.auth.warnMs.entries()) {
      expect(told[n]).toBeGreaterThanOrEqual(expiresAt - aheadMs);
      expect(told[n]).toBeLessThanOrEqual(expiresAt - aheadMs + limits.sweep.everyMs);
    }
    expect(client.closed).toBeUndefined();
  },
);

test("nothing is relayed from the instant a lease is over, whenever the sweeper comes: neither from its session nor to it [S12]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const [robotEnd, client] = [await world.join(robot), await world.join(robot, operator, { lifeMs: 150_000 })];
  const expiresAt = client.last("welcome")?.deadlines.authExpiresAt ?? 0;
  const signal = (to: string, seq: number) => ({ type: "signal", to, stream: 1, seq, data: { kind: "app", body: seq } });
  const bothSay = async (seq: number) => {
    await world.say(client, signal(robotEnd.session, seq));
    await world.say(robotEnd, signal(client.session, seq));
  };
  await world.clock.advanceTo(expiresAt - 1);
  await bothSay(1);
  await world.clock.advance(1);
  await bothSay(2);
  expect([client, robotEnd].map((end) => end.all("signal").map(({ seq }) => seq))).toEqual([[1], [1]]);
  expect([client.last("problem")?.code, robotEnd.last("undelivered")]).toMatchObject(["session.expired", { seq: 2, reason: "away" }]);
  // The sweeper has not come yet: it is the clock that forbids.
  expect(client.all("auth.expired")).toEqual([]);
});

test("a lease that is not renewed is over: 60 s to renew, then bye, close, and peers are told why [L2, L3]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const lifeMs = 5 * minute;
  const [robotEnd, client] = [await world.join(robot), await world.join(robot, operator, { lifeMs })];
  const end = world.clock.now() + lifeMs;
  await pass(world, lifeMs + 30_000, client, robotEnd);
  expect(client.last("auth.expired")?.closesAt).toBeLessThanOrEqual(end + 2 * minute);
  expect(client.closed).toBeUndefined();
  await pass(world, 2 * minute, client, robotEnd);
  expect(client.last("bye")).toMatchObject({ cause: "auth.expired", retry: { policy: "now" }, evidence: { authExpiresAt: end } });
  expect(client.closed).toBeDefined();
  expect(robotEnd.last("peer.away")).toMatchObject({ session: client.session, cause: "auth.expired", inferred: false });
});

test("a renewal in time revives an expired session on the same connection and epoch [L3, L4]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const [robotEnd, client] = [await world.join(robot), await world.join(robot, operator, { lifeMs: 5 * minute })];
  await pass(world, 5 * minute + 30_000, client, robotEnd);
  expect(client.last("auth.expired")).toBeDefined();
  robotEnd.clear();
  const { body } = await world.ticketFor.client(robot, operator, { session: client.session, use: "renew" });
  await world.say(client, { type: "auth.renew", id: "r", ticket: body.ticket });
  expect(client.last("auth.renewed")).toEqual({ type: "auth.renewed", id: "r", expiresAt: world.clock.now() + limits.auth.leaseMs });
  expect(robotEnd.last("peer.online")).toMatchObject({ peer: { session: client.session, epoch: 1, state: "online" } });
  await world.say(client, { type: "auth.renew", id: "again", ticket: body.ticket });
  expect(client.last("problem")).toMatchObject({ code: "ticket.used", id: "again" });
  await world.say(client, { type: "signal", to: robotEnd.session, stream: 1, seq: 1, data: { kind: "app", body: 1 } });
  expect(robotEnd.all("signal")).toHaveLength(1);
});

test("a session that does not come back within its grace ends, and its peers are told [L5]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const [robotEnd, client] = [await world.join(robot), await world.join(robot, operator)];
  client.socket.close(1001);
  await world.clock.advance(limits.session.clientGraceMs - minute);
  expect(robotEnd.last("peer.ended")).toBeUndefined();
  await world.clock.advance(2 * minute);
  expect(robotEnd.last("peer.ended")).toMatchObject({ session: client.session, cause: "grace.over" });
  const after = await world.ticketFor.client(robot, operator, { session: client.session });
  expect(after.body).toMatchObject({ code: "session.unknown" });
});

test("a connection that never says hello is closed, and the session is what it was [H4]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const [robotEnd, client] = [await world.join(robot), await world.join(robot, operator)];
  const silent = await world.connect((await world.ticketFor.robot(robot)).body.ticket);
  await world.clock.advance(2 * minute);
  expect(silent.last("bye")).toMatchObject({ cause: "opening.lapsed" });
  expect(silent.closed).toBeDefined();
  await world.say(client, { type: "signal", to: robotEnd.session, stream: 1, seq: 1, data: { kind: "app", body: 1 } });
  expect(robotEnd.all("signal")).toHaveLength(1);
  expect(client.last("peer.away")).toBeUndefined();
});

test("a connection that never says hello is closed also where another one took its place meanwhile [H4]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const silent = await world.connect((await world.ticketFor.robot(robot)).body.ticket);
  const robotEnd = await world.join(robot);
  await pass(world, 2 * minute, robotEnd, silent);
  expect([silent.last("bye")?.cause, silent.closed?.code, robotEnd.closed]).toEqual(["opening.lapsed", 1000, undefined]);
  expect(world.system.gateway.connections.list()).toHaveLength(1);
});

test("a session whose $disconnect was lost is found away by the gateway's word, a quiet one that lives never is [L6]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const [robotEnd, client] = [await world.join(robot), await world.join(robot, operator)];
  await pass(world, 100 * minute, robotEnd, client);
  expect(client.last("peer.away")).toBeUndefined();
  expect(robotEnd.closed).toBeUndefined();
  world.system.faults.set([{ name: "disconnect.lost", rate: 1 }]);
  robotEnd.socket.close(1001);
  await pass(world, limits.session.verifyMs + minute, client);
  expect(await world.timeline(robot)).toContainEqual(
    expect.objectContaining({ type: "session.away", session: robotEnd.session, inferred: true }),
  );
});

test("two sweeps at once do nothing twice, and one that fails midway leaves the rest due [L7]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const clients = [await world.join(robot, operator), await world.join(robot, operator), await world.join(robot, operator)];
  for (const client of clients) client.socket.close(1001);
  await world.idle();
  const { clock, system } = world;
  await clock.advance(minute);
  const late = { ...system.env, clock: { now: () => clock.now() + 10 * minute } };
  const [first, second] = await Promise.all([sweep(late), sweep(late)]);
  expect((first.done.graceOver ?? 0) + (second.done.graceOver ?? 0)).toBe(clients.length);
  const ended = (await world.timeline(robot)).filter(({ type }) => type === "session.ended");
  expect(ended.map(({ session }) => session).sort()).toEqual(clients.map(({ session }) => session).sort());
});

test("instances that keep replacing each other are reported [L8]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const join = (instance: string) => world.join(robot, undefined, { instance });
  // A machine that is started again after it was told to stay away is a new instance.
  const [first, second, third] = [await join("ins_aaaaaaaa"), await join("ins_bbbbbbbb"), await join("ins_cccccccc")];
  const contested = async () => (await world.timeline(robot)).filter(({ type }) => type === "session.contested");
  expect(await contested()).toEqual([]);
  const fourth = await join("ins_dddddddd");
  expect(await contested()).toMatchObject([
    { session: fourth.session, actor: { type: "robot", id: robot.id }, evidence: { takeovers: 3 } },
  ]);
  expect([first, second, third].map((end) => end.last("bye")?.cause)).toEqual(["superseded", "superseded", "superseded"]);
  expect(fourth.closed).toBeUndefined();
});

test("a lease too short for a warning goes without it, also when it is renewed: its end is not asked to renew again at once [L1]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const client = await world.join(robot, operator, { lifeMs: 5 * minute });
  await pass(world, 3 * minute, client);
  const { body } = await world.ticketFor.client(robot, operator, { session: client.session, use: "renew", lifeMs: 5 * minute });
  await world.say(client, { type: "auth.renew", ticket: body.ticket });
  const expiresAt = client.last("auth.renewed")?.expiresAt;
  await pass(world, 3 * minute, client);
  expect(client.all("auth.expiring")).toEqual([]);
  await pass(world, 2 * minute - 1_000, client);
  expect(client.all("auth.expiring")).toEqual([{ type: "auth.expiring", expiresAt }]);
});
