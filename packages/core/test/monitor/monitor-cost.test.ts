import { createDefault } from "@tether/broker/default";
import { expect, test } from "vitest";
import type { RawEnd } from "../../../local/test/world/raw-end.ts";
import { createWorld, operator, owner, type World } from "../../../local/test/world/world.ts";
import { candidate, features, monitored, signal } from "./monitored.ts";

/** The posts of the broker, by its own lines. */
function postsOf(world: World, from: number): number {
  return world.lines.slice(from).reduce((sum, { posts }) => sum + Number(posts ?? 0), 0);
}

test("sender and recipient are told first, and lose nothing by a monitor that cannot be [M4]", async () => {
  const { world, robot, robotEnd, client, monitor } = await monitored();
  const { env, gateway } = world.system;
  const idOf = (end: RawEnd) => {
    const claims = gateway.connections.list().map(({ connectionId, authorizer }) => [connectionId, String(authorizer.claims)] as const);
    return claims.find(([, text]) => text.includes(end.session))?.[0] ?? "";
  };
  const names = new Map([robotEnd, client, monitor].map((end, n) => [idOf(end), ["robot", "client", "monitor"][n]] as const));
  const { authorizer, connectedAt, connectionId } = gateway.connections.list().find((one) => one.connectionId === idOf(client)) ?? {};
  const order: string[] = [];
  const handle = createDefault({
    ...env,
    outbox: {
      ...env.outbox,
      async post(id, frame) {
        const name = String(names.get(id));
        order.push(`${name} begins`);
        if (name === "monitor") throw new Error("no gateway");
        const posted = await env.outbox.post(id, frame);
        order.push(`${name} is told`);
        return posted;
      },
    },
  });
  const say = (frame: object) =>
    handle({
      requestContext: { connectionId: String(connectionId), connectedAt: Number(connectedAt), authorizer: { ...authorizer } },
      body: JSON.stringify(frame),
    });
  expect(await say(signal(robotEnd, 1))).toEqual({ statusCode: 200 });
  expect(await say(signal(monitor, 2))).toEqual({ statusCode: 200 });
  expect(order).toEqual(["robot begins", "robot is told", "monitor begins", "client begins", "client is told", "monitor begins"]);
  await world.idle();
  expect([robotEnd.all("signal").length, client.last("problem")?.code]).toEqual([1, "signal.target"]);
  expect(await world.item(robot, monitor.session)).toContain('"monitors":true');
});

test("a monitor whose connection is gone is away from then on, and costs nothing more [M4, P5]", async () => {
  const { world, robot, robotEnd, client, monitor } = await monitored();
  world.system.faults.set([{ name: "disconnect.lost", rate: 1 }]);
  monitor.socket.close(1001);
  await world.idle();
  await world.say(client, signal(robotEnd, 1));
  expect(robotEnd.all("signal")).toHaveLength(1);
  expect(robotEnd.last("peer.away")).toMatchObject({ session: monitor.session, inferred: true });
  expect(client.frames.filter(({ type }) => type === "undelivered" || type === "problem")).toEqual([]);
  expect(await world.item(robot, monitor.session)).not.toContain("monitors");
  const from = world.lines.length;
  world.system.requests.reset();
  await world.say(client, signal(robotEnd, 2));
  expect([world.system.requests.counts(), postsOf(world, from)]).toEqual([{ Query: 1 }, 1]);
});

test("a set-up costs one post a frame more for each that monitors, and nothing while nobody does [M6]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const [robotEnd, client] = [await world.join(robot), await world.join(robot, operator)];
  await world.join(robot, owner);
  const setUp = async () => {
    const from = world.lines.length;
    world.system.requests.reset();
    await world.say(client, signal(robotEnd, 1, { kind: "offer", sdp: "v=0" }));
    await world.say(robotEnd, signal(client, 1, { kind: "answer", sdp: "v=0" }));
    for (let seq = 2; seq <= 11; seq++) {
      await world.say(client, signal(robotEnd, seq, candidate));
      await world.say(robotEnd, signal(client, seq, candidate));
    }
    return [world.system.requests.counts(), postsOf(world, from)];
  };
  const refused = async () => {
    world.system.requests.reset();
    await world.say(client, "not JSON");
    return world.system.requests.counts();
  };
  expect([await setUp(), await refused()]).toEqual([[{ Query: 22 }, 22], { Query: 1 }]);
  await world.join(robot, owner, { features });
  expect([await setUp(), await refused()]).toEqual([[{ Query: 22 }, 44], { Query: 1 }]);
  await world.join(robot, owner, { features });
  expect(await setUp()).toEqual([{ Query: 22 }, 66]);
});
