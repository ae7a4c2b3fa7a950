import { expect, test } from "vitest";
import { attended } from "../../../local/test/world/attended.ts";
import type { RawEnd } from "../../../local/test/world/raw-end.ts";
import { createWorld, greeting, operator, type World } from "../../../local/test/world/world.ts";

const minute = 60_000;

/** Lets time pass with keepalives; answers what was asked of the store and said to the ends meanwhile. */
async function pass(world: World, minutes: number, ends: RawEnd[], each: (at: number) => Promise<void> = async () => undefined) {
  world.system.requests.reset();
  for (const end of ends) end.clear();
  for (let at = 1; at <= minutes; at++) {
    await world.clock.advance(minute);
    for (const end of ends) if (at % 4 === 0) end.send({ type: "ping" });
    await world.idle();
    await each(at);
  }
  return { counts: world.system.requests.counts(), frames: ends.flatMap((end) => end.frames.map(({ type }) => type)) };
}

/** Time in which each session's turn with the presence checks comes once. */
const halfHour = 30;

/** A world, and what half an hour costs in it before anybody drives. Another from now on has as many checks and one look for what was left over, too. */
async function undriven() {
  const attendance = await attended();
  const before = await pass(attendance.world, halfHour, attendance.all);
  await attendance.world.clock.advance(minute);
  return { ...attendance, before };
}

test("while nobody drives, control asks nothing of the store and sends no frame [D17]", async () => {
  const { world, driver, all, before } = await undriven();
  await world.say(driver, { type: "control.request" });
  await world.say(driver, { type: "control.release" });
  expect(before.frames).toEqual([]);
  expect(before.counts).not.toHaveProperty("TransactWriteItems");
  expect(await pass(world, halfHour, all)).toEqual(before);
});

test("while someone drives it is one Query, one write and one post every 4 min [D17]", async () => {
  const { world, driver, all, before } = await undriven();
  await world.say(driver, { type: "control.request" });
  const driven = await pass(world, halfHour, all, async (at) => {
    if (at % 4 === 0) await world.say(driver, { type: "control.renew", epoch: 1 });
  });
  const { Query = 0, ...others } = before.counts;
  const times = Math.floor(halfHour / 4);
  expect(driven).toEqual({
    counts: { ...others, Query: Query + times, TransactWriteItems: times },
    frames: Array(times).fill("control.granted"),
  });
});

test("being welcomed, relayed for and gone costs no more for control [D17]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const robotEnd = await world.join(robot);
  const watching = await world.join(robot, operator);
  await world.say(watching, { type: "control.request" });
  const { body } = await world.ticketFor.client(robot, operator);
  const client = await world.connect(body.ticket);
  const counted = async (work: () => Promise<unknown>) => {
    world.system.requests.reset();
    await work();
    await world.idle();
    return world.system.requests.counts();
  };
  expect(await counted(() => world.say(client, { type: "hello", ...greeting }))).toEqual({ Query: 2, TransactWriteItems: 1 });
  const signal = { type: "signal", to: robotEnd.session, stream: 1, seq: 1, data: { kind: "app", body: 1 } };
  expect(await counted(() => world.say(client, signal))).toEqual({ Query: 1 });
  expect(await counted(async () => client.socket.close(1001))).toEqual({ Query: 1, TransactWriteItems: 1 });
  expect(await counted(async () => watching.socket.close(1001))).toEqual({ Query: 1, TransactWriteItems: 2 });
});
