import type { Hello } from "@tether/protocol/frame/hello";
import { limits } from "@tether/protocol/limits";
import { describe, expect, test } from "vitest";
import { identityOf } from "../../../local/test/world/identity.ts";
import { meanwhile } from "../../../local/test/world/meanwhile.ts";
import { createWorld, greeting, operator, owner, viewer } from "../../../local/test/world/world.ts";
import { answerHello, end } from "../../src/session/index.ts";

const hello = { type: "hello", ...greeting } as object as Hello;
const monitor = ["monitor"];

async function start() {
  const world = await createWorld();
  const robot = await world.createRobot();
  const robotEnd = await world.join(robot);
  const { env } = world.system;
  const iceServers = [{ urls: ["turn:turn.example"], username: "u", credential: "c" }];
  return { world, robot, robotEnd, env: { ...env, iceServers } };
}

describe("welcome", () => {
  test("says of the feature of monitoring whether it was given, to whoever asked for it, once and again [M1]", async () => {
    const { world, robot, env } = await start();
    const client = await world.join(robot, operator, { features: monitor });
    expect(client.last("welcome")?.features).toEqual([]);
    expect((await world.join(robot, operator)).last("welcome")).not.toHaveProperty("features");
    const boss = await world.join(robot, owner, { features: monitor });
    expect(boss.last("welcome")?.features).toEqual(monitor);
    const from = await identityOf(world, robot, boss);
    expect(await answerHello(env, from, { ...hello, features: monitor })).toMatchObject({ features: monitor });
    expect(await answerHello(env, from, hello)).not.toHaveProperty("features");
    const unasked = await identityOf(world, robot, client);
    expect(await answerHello(env, unasked, { ...hello, features: monitor })).toMatchObject({ features: [] });
  });

  test("gives monitoring to so many of a robot's owners, and not to one more [M1]", async () => {
    const { world, robot } = await start();
    for (let count = 0; count < limits.monitor.perRobot; count++) await world.join(robot, owner, { features: monitor });
    expect((await world.join(robot, owner, { features: monitor })).last("welcome")?.features).toEqual([]);
  });

  test("has the servers, the robot, the deadlines and the session of whoever says hello again, and changes nothing [H2, H8]", async () => {
    const { world, robot, robotEnd, env } = await start();
    const client = await world.join(robot, operator);
    await world.connect((await world.ticketFor.client(robot, viewer)).body.ticket);
    for (const end of [robotEnd, client]) end.clear();
    await world.clock.advance(1_000);
    const from = await identityOf(world, robot, client);
    const { authExpiresAt } = JSON.parse(await world.item(robot, client.session));
    const connectionEndsAt = from.connection.since + limits.gateway.connectionLifeMs;
    expect(await answerHello(env, from, hello)).toEqual({
      type: "welcome",
      session: { id: client.session, epoch: 1, resumed: false },
      robot: robot.id,
      serverTime: world.clock.now(),
      deadlines: { authExpiresAt, connectionEndsAt },
      peers: [{ session: robotEnd.session, kind: "robot", state: "online", epoch: 1, instance: greeting.instance }],
      iceServers: env.iceServers,
      control: { control: { version: 0, epoch: 0 }, policy: expect.any(Object) },
    });
    // A client that has not said hello is no peer yet.
    const robots = await identityOf(world, robot, robotEnd);
    expect(await answerHello(env, robots, hello)).toMatchObject({ peers: [{ session: client.session }] });
    expect([robotEnd.frames, client.frames]).toEqual([[], []]);
  });

  test("has a peer as it is once it was told: one whose connection proves gone is away [H2, P5]", async () => {
    const { world, robot } = await start();
    const client = await world.join(robot, operator);
    world.system.faults.set([{ name: "disconnect.lost", rate: 1 }]);
    client.socket.close(1001);
    await world.idle();
    const next = await world.join(robot);
    expect(next.last("welcome")?.peers).toMatchObject([{ session: client.session, state: "away" }]);
  });

  test("comes with word to each peer of what was received of it, and of no other [H2, S6]", async () => {
    const { world, robot } = await start();
    const [one, other] = [await world.join(robot, operator), await world.join(robot, viewer)];
    const received = { stream: 2, seq: 5 };
    await world.join(robot, undefined, { received: { [one.session]: received } });
    expect(one.last("peer.online")).toMatchObject({ received, peer: { kind: "robot" } });
    expect(other.last("peer.online")).toBeDefined();
    expect(other.last("peer.online")).not.toHaveProperty("received");
  });
});

test("an end that says it sends keepalives is known by it, and one that does not is not", async () => {
  const { world, robot, robotEnd } = await start();
  const client = await world.join(robot, operator, { features: ["keepalive"] });
  const keepsAlive = async (slot: string) => JSON.parse(await world.item(robot, slot)).keepsAlive;
  expect([await keepsAlive(client.session), await keepsAlive("robot")]).toEqual([true, undefined]);
  expect(robotEnd.closed).toBeUndefined();
});

describe("hello is answered that another connection has the session, and changes nothing,", () => {
  test("where the session ended, and where another ticket was redeemed since [H4, T8]", async () => {
    const { world, robot, robotEnd, env } = await start();
    const from = await identityOf(world, robot, robotEnd);
    const silent = { ...from, epoch: 2, connection: { ...from.connection, id: "silent" } };
    await world.join(robot);
    const before = await world.item(robot, "robot");
    expect(await answerHello(env, silent, hello)).toEqual({ problem: "session.superseded" });
    expect(await world.item(robot, "robot")).toBe(before);
    const session = { ...JSON.parse(before), robotId: robot.id };
    await end(env, session, { cause: "admin.ended", actor: { type: "system" }, inferred: false });
    expect(await answerHello(env, from, hello)).toEqual({ problem: "session.superseded" });
    expect(await answerHello(env, from, { ...hello, protocol: 2 } as object as Hello)).toEqual({ problem: "protocol.unsupported" });
  });

  test("where the session ends while hello is answered [H4]", async () => {
    const { world, robot, robotEnd, env } = await start();
    const from = await identityOf(world, robot, robotEnd);
    const silent = await world.connect((await world.ticketFor.robot(robot)).body.ticket);
    const session = { ...JSON.parse(await world.item(robot, "robot")), robotId: robot.id };
    meanwhile(world, () => world.system.store.entities.session.delete({ robotId: robot.id, slot: "robot" }).go());
    expect(await answerHello(env, { ...from, epoch: 2, connection: session.pending.connection }, hello)).toEqual({
      problem: "session.superseded",
    });
    expect(silent.closed).toBeUndefined();
  });

  test("where the lease of the connection that has it is over [L3]", async () => {
    const { world, robot, robotEnd, env } = await start();
    const from = await identityOf(world, robot, robotEnd);
    const closesAt = world.clock.now() + limits.auth.renewMs;
    await world.system.store.entities.session.patch({ robotId: robot.id, slot: "robot" }).set({ state: "expired", closesAt }).go();
    expect(await answerHello(env, from, hello)).toEqual({ problem: "session.superseded" });
    expect(robotEnd.closed).toBeUndefined();
  });
});
