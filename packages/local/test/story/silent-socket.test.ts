import { expect, test } from "vitest";
import { startSdkClient, startSdkRobot } from "../world/sdk-end.ts";
import { createWorld, operator } from "../world/world.ts";

const second = 1_000;

async function pair() {
  const world = await createWorld();
  const robot = await world.createRobot();
  const robotEnd = await startSdkRobot(world, robot);
  const client = await startSdkClient(world, robot, operator);
  const { connections } = world.system.gateway;
  /** Both sides go on believing in the socket of that end, and nothing crosses it any more. */
  const silence = async (end: typeof robotEnd) => {
    const { data } = await world.system.store.entities.session
      .get({ robotId: robot.id, slot: end.session.id?.startsWith("rse") ? "robot" : String(end.session.id) })
      .go({ consistent: true });
    const { id = "" } = (data as { connection?: { id: string } } | null)?.connection ?? {};
    expect(connections.stall(id)).toBe(true);
  };
  // Long enough for what the set-up left open to be told.
  await world.clock.advance(60 * second);
  return { world, robotEnd, client, silence };
}

test("control that is asked for on a client's silent socket is held within 10 s, on another socket [E10]", async () => {
  const { world, client, silence } = await pair();
  await silence(client);
  client.session.control.request();
  await world.clock.advance(10 * second);
  expect(client.session.control.control?.holder?.session).toBe(client.session.id);
  expect([client.session.status, client.epochs]).toEqual(["online", [1, 2]]);
  expect(client.states.map(({ why }) => why?.code)).toContain("connection.silent");
});

test("a robot that sends a signal on its silent socket is back within 10 s, and the signal arrives once [E10, S13]", async () => {
  const { world, robotEnd, client, silence } = await pair();
  await silence(robotEnd);
  robotEnd.signal(7);
  await world.clock.advance(10 * second);
  expect([robotEnd.session.status, robotEnd.epochs, client.got]).toEqual(["online", [1, 2], [7]]);
});
