import { limits } from "@tether/protocol/limits";
import { expect, test } from "vitest";
import { createWorld, greeting, operator, viewer } from "../../../local/test/world/world.ts";

const signal = (to: string, seq: number, more: object = {}) => ({
  type: "signal",
  to,
  stream: 1,
  seq,
  data: { kind: "app", body: seq },
  ...more,
});

test("hello is answered welcome with the session, its deadlines and its peers [H1, H2]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const robotEnd = await world.join(robot);
  const { body } = await world.ticketFor.client(robot, operator);
  const client = await world.connect(body.ticket);
  await world.say(client, signal(robotEnd.session, 1));
  expect(client.frames).toEqual([expect.objectContaining({ type: "problem", code: "hello.required" })]);
  await world.say(client, { type: "leave" });
  expect(client.last("problem")).toMatchObject({ code: "hello.required" });
  await world.say(client, { type: "hello", ...greeting });
  expect(client.last("welcome")).toMatchObject({
    session: { id: body.session.id, epoch: 1, resumed: false },
    robot: robot.id,
    serverTime: world.clock.now(),
    deadlines: { connectionEndsAt: world.clock.now() + limits.gateway.connectionLifeMs },
    peers: [{ session: robotEnd.session, kind: "robot", state: "online", epoch: 1 }],
  });
  expect(robotEnd.last("peer.online")).toMatchObject({ peer: { session: body.session.id, kind: "client", user: { role: "operator" } } });
});

test("hello in a version the broker does not speak is refused [H3]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const end = await world.connect((await world.ticketFor.robot(robot)).body.ticket);
  await world.say(end, { type: "hello", ...greeting, protocol: 2 });
  expect(end.frames).toEqual([expect.objectContaining({ type: "problem", code: "protocol.unsupported" })]);
});

test("peers are routed to the connection before until the successor says hello, and its frames count for 10 s after [H5, H7]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const [first, client] = [await world.join(robot), await world.join(robot, operator)];
  const second = await world.connect((await world.ticketFor.robot(robot)).body.ticket);
  await world.say(client, signal(first.session, 1));
  expect([first.all("signal").length, second.all("signal").length]).toEqual([1, 0]);
  await world.say(second, { type: "hello", ...greeting });
  expect(second.last("welcome")?.session).toMatchObject({ id: first.session, epoch: 2, resumed: true });
  await world.say(client, signal(first.session, 2));
  expect([first.all("signal").length, second.all("signal").length]).toEqual([1, 1]);
  await world.clock.advance(limits.session.handoverMs - 1);
  await world.say(first, signal(client.session, 1));
  expect(client.all("signal")).toHaveLength(1);
  await world.clock.advance(1);
  await world.say(first, signal(client.session, 2));
  expect(first.last("problem")).toMatchObject({ code: "session.superseded" });
  expect(client.all("signal")).toHaveLength(1);
});

test("a connection of another instance is told that it was superseded, and closed; the same instance closes its own [H6, H6.2]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const first = await world.join(robot);
  const second = await world.join(robot);
  expect([first.last("bye"), first.closed]).toEqual([undefined, undefined]);
  const third = await world.join(robot, undefined, { instance: "ins_bbbbbbbb" });
  expect(second.last("bye")).toMatchObject({ cause: "superseded", retry: { policy: "never" }, actor: { type: "robot", id: robot.id } });
  expect(second.closed).toBeDefined();
  expect(third.closed).toBeUndefined();
});

test("a second hello on the live connection is answered welcome and changes nothing [H8]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const end = await world.join(robot);
  const before = await world.item(robot, "robot");
  await world.say(end, { type: "hello", ...greeting });
  expect(end.all("welcome")).toHaveLength(2);
  expect(await world.item(robot, "robot")).toBe(before);
});

test("two ends that say hello at once learn of each other [H2, P1]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const tickets = [
    await world.ticketFor.robot(robot),
    await world.ticketFor.client(robot, operator),
    await world.ticketFor.client(robot, viewer),
  ];
  const ends = await Promise.all(tickets.map(({ body }) => world.connect(body.ticket)));
  for (const end of ends) end.send({ type: "hello", ...greeting });
  await world.idle();
  const known = ends.map(
    (end) =>
      new Set([...(end.last("welcome")?.peers ?? []), ...end.all("peer.online").map(({ peer }) => peer)].map(({ session }) => session)),
  );
  const [robotSession, ...clients] = tickets.map(({ body }) => body.session.id);
  expect(known[0]).toEqual(new Set(clients));
  expect(known.slice(1)).toEqual([new Set([robotSession]), new Set([robotSession])]);
});

test("an instance that was taken over from is sent away again while another one is online, and let in when none is [H9]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const [older, newer] = [{ instance: "ins_aaaaaaaa" }, { instance: "ins_bbbbbbbb" }];
  const [first, client] = [await world.join(robot, undefined, older), await world.join(robot, operator)];
  const second = await world.join(robot, undefined, newer);
  expect(first.last("bye")?.cause).toBe("superseded");
  client.clear();
  // As an end does that its bye did not reach.
  const again = await world.join(robot, undefined, older);
  expect([again.last("welcome"), again.last("bye")?.cause, again.last("bye")?.retry.policy]).toEqual([undefined, "superseded", "never"]);
  expect([again.closed?.code, second.closed, client.frames]).toEqual([1000, undefined, []]);
  expect(first.last("bye")?.evidence).toMatchObject(newer);
  expect(again.last("bye")?.evidence).toMatchObject(newer);
  expect((await world.timeline(robot))[0]).toMatchObject({ type: "session.dismissed", cause: "superseded", actor: { type: "robot" } });
  await world.say(client, signal(second.session, 1));
  expect(second.all("signal")).toHaveLength(1);
  second.socket.close(1001);
  await world.idle();
  const back = await world.join(robot, undefined, older);
  expect([back.last("welcome")?.session.id, back.closed]).toEqual([first.session, undefined]);
});

test("clients are told of the tracks that a robot says it sends, until it says otherwise; a client's word of its own counts for nothing [W1.2]", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const client = await world.join(robot, operator);
  const say = async (part: object) => {
    const end = await world.connect((await world.ticketFor.robot(robot)).body.ticket);
    await world.say(end, { type: "hello", ...greeting, ...part });
    return client.last("peer.online")?.peer;
  };
  expect(await say({ tracks: ["video", "video", "audio"] })).toMatchObject({ kind: "robot", tracks: ["video", "video", "audio"] });
  const other = await world.join(robot, viewer);
  expect(other.last("welcome")?.peers).toMatchObject([{ tracks: ["video", "video", "audio"] }]);
  expect(await say({})).not.toHaveProperty("tracks");
  const robotEnd = await world.join(robot);
  await world.say(await world.connect((await world.ticketFor.client(robot, operator)).body.ticket), {
    type: "hello",
    ...greeting,
    tracks: ["video"],
  });
  expect(robotEnd.last("peer.online")?.peer).not.toHaveProperty("tracks");
});
