import { expect, test } from "vitest";
import { startSdkClient, startSdkRobot } from "../world/sdk-end.ts";
import { createWorld, operator } from "../world/world.ts";

const second = 1_000;

async function pair() {
  const world = await createWorld();
  const robot = await world.createRobot();
  const robotEnd = await startSdkRobot(world, robot);
  const client = await startSdkClient(world, robot, operator);
  /** The socket on which the next frame comes goes silent with it: each side goes on believing in it. */
  const silenceNext = () => world.system.faults.set([{ name: "silent", times: 1 }]);
  // Long enough for what the set-up left open to be told.
  await world.clock.advance(60 * second);
  return { world, robotEnd, client, silenceNext };
}

test("control that is asked for on a client's silent socket is held within 10 s, on another socket [E10]", async () => {
  const { world, client, silenceNext } = await pair();
  silenceNext();
  client.session.control.request();
  await world.clock.advance(10 * second);
  expect(client.session.control.control?.holder?.session).toBe(client.session.id);
  expect([client.session.status, client.epochs]).toEqual(["online", [1, 2]]);
  expect(client.states.map(({ why }) => why?.code)).toContain("connection.silent");
});

test("a robot that sends a signal on its silent socket is back within 10 s, and the signal arrives once [E10, S13]", async () => {
  const { world, robotEnd, client, silenceNext } = await pair();
  silenceNext();
  robotEnd.signal(7);
  await world.clock.advance(10 * second);
  expect([robotEnd.session.status, robotEnd.epochs, client.got]).toEqual(["online", [1, 2], [7]]);
});

test("a browser behind a proxy that cuts sockets silent for 60 s drops twice, and then no more for hours [E12]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  await startSdkRobot(world, robot);
  world.system.faults.set([{ name: "proxy.idle", ms: 60 * second, rate: 1 }]);
  const client = await startSdkClient(world, robot, operator, { browser: true });
  await world.clock.advance(10 * 60 * second);
  const drops = () => client.states.filter(({ status }) => status === "waiting").length;
  expect(drops()).toBe(2);
  await world.clock.advance(3 * 3_600 * second);
  expect([drops(), client.session.status]).toEqual([2, "online"]);
});

test.each(["robot", "client"] as const)(
  "a %s whose address changed is online by another socket within 15 s, by what its peer connection notices [E10]",
  async (side) => {
    const { world, robotEnd, client } = await pair();
    const { session, epochs } = side === "robot" ? robotEnd : client;
    const held = world.system.gateway.connections.list().filter(({ authorizer }) => String(authorizer.claims).includes(String(session.id)));
    // Packets from the old address, or to it, are lost; the gateway does not know.
    for (const { connectionId } of held) world.system.gateway.connections.stall(connectionId);
    // ICE finds a path disconnected 5 to 6 s after it last heard of it (RFC 7675), and `follow` then wakes the session.
    await world.clock.advance(6 * second);
    session.wake();
    await world.clock.advance(9 * second);
    expect([session.status, epochs]).toEqual(["online", [1, 2]]);
  },
);
