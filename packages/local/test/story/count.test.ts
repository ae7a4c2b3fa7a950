import { expect, test } from "vitest";
import { createWorld, greeting, operator } from "../world/world.ts";

/** Requests at the engine's HTTP port, against the table in docs/architecture.md. */
test("each operation asks of the store what the design allows, and no more", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const { requests } = world.system;
  const counted = async <T>(work: () => Promise<T>) => {
    requests.reset();
    const result = await work();
    return { result, counts: requests.counts() };
  };
  // A key's first proof in an hour is noted, by plain writes: a transaction of both costs twice.
  const firstTicket = await counted(() => world.ticketFor.robot(robot));
  expect(firstTicket.counts).toEqual({ BatchGetItem: 1, UpdateItem: 1, PutItem: 1 });
  const robotTicket = await counted(() => world.ticketFor.robot(robot));
  expect(robotTicket.counts).toEqual({ BatchGetItem: 1, PutItem: 1 });
  const robotConnect = await counted(() => world.connect(robotTicket.result.body.ticket));
  expect(robotConnect.counts).toEqual({ TransactWriteItems: 1, BatchGetItem: 1 });
  const robotHello = await counted(() => world.say(robotConnect.result, { type: "hello", ...greeting }));
  expect(robotHello.counts).toEqual({ Query: 2, TransactWriteItems: 1 });

  const clientTicket = await counted(() => world.ticketFor.client(robot, operator));
  expect(clientTicket.counts).toEqual({ BatchGetItem: 1, Query: 1 });
  const clientConnect = await counted(() => world.connect(clientTicket.result.body.ticket));
  const clientHello = await counted(() => world.say(clientConnect.result, { type: "hello", ...greeting }));
  // The Query counts the places at the robot; a session that is resumed has one.
  expect(clientConnect.counts).toEqual({ TransactWriteItems: 1, BatchGetItem: 1, Query: 1 });
  expect(clientHello.counts).toEqual({ Query: 2, TransactWriteItems: 1 });

  const [client, robotEnd] = [clientConnect.result, robotConnect.result];
  const [clientSession, robotSession] = [clientTicket.result.body.session.id, robotTicket.result.body.session.id];
  await world.clock.advance(1_000);
  const renewal = await world.ticketFor.client(robot, operator, { session: clientSession, use: "renew" });
  const renew = await counted(() => world.say(client, { type: "auth.renew", ticket: renewal.body.ticket }));
  expect(renew.counts).toEqual({ TransactWriteItems: 1 });
  expect(client.last("auth.renewed")).toBeDefined();

  const posts = () => [client.all("signal").length, robotEnd.all("signal").length];
  const setUp = await counted(async () => {
    await world.say(client, { type: "signal", to: robotSession, stream: 1, seq: 1, data: { kind: "offer", sdp: "v=0" } });
    await world.say(robotEnd, { type: "signal", to: clientSession, stream: 1, seq: 1, data: { kind: "answer", sdp: "v=0" } });
    for (let seq = 2; seq <= 11; seq++) {
      const data = { kind: "candidate", candidate: "candidate:1", sdpMid: "0", sdpMLineIndex: 0 };
      await world.say(client, { type: "signal", to: robotSession, stream: 1, seq, data });
      await world.say(robotEnd, { type: "signal", to: clientSession, stream: 1, seq, data });
    }
  });
  expect([setUp.counts, posts()]).toEqual([{ Query: 22 }, [11, 11]]);

  const drop = await counted(async () => {
    client.socket.close(1001);
    await world.idle();
  });
  expect(drop.counts).toEqual({ Query: 1, TransactWriteItems: 1 });
});
