import {
  DeleteConnectionCommand,
  GetConnectionCommand,
  GoneException,
  PostToConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";
import { afterEach, describe, expect, it } from "vitest";
import { nextTurn } from "../../src/clock/real.ts";
import { parseFaults } from "../../src/fault/parse.ts";
import { only, type Rig, startAt, startRig } from "./rig.ts";

let rig: Rig;
afterEach(() => rig.stop());

async function under(faults: string) {
  rig = await startRig();
  const ended = await rig.connect();
  rig.faults.set(parseFaults(faults));
  const { connectionId: ConnectionId } = only(rig.gateway.connections.list());
  const post = (Data: string) => rig.api.send(new PostToConnectionCommand({ ConnectionId, Data }));
  return { ...ended, ended, ConnectionId, post };
}

describe("a $disconnect", () => {
  it("comes late, and then still says when it was", async () => {
    const { socket } = await under("disconnect=late:180000");
    socket.close(1000);
    await rig.clock.advance(179_999);
    expect(rig.seen.disconnect).toEqual([]);
    await rig.clock.advance(1);
    expect(only(rig.seen.disconnect).requestContext.requestTimeEpoch).toBe(startAt);
  });

  it.each([
    ["disconnect=doubled", 2],
    ["disconnect=lost", 0],
    ["disconnect=doubled,disconnect=late:5", 2],
    ["disconnect=lost:0", 1],
  ])("with %s comes %i times", async (faults, times) => {
    const { socket } = await under(faults);
    socket.close(1000);
    await rig.clock.advance(10);
    expect(rig.seen.disconnect).toHaveLength(times);
  });
});

describe("a post", () => {
  it("is answered 410 once although the connection lives, as the gateway says when asked", async () => {
    const { post, received, ConnectionId } = await under("post=gone:once");
    await expect(post("first")).rejects.toBeInstanceOf(GoneException);
    expect((await rig.api.send(new GetConnectionCommand({ ConnectionId }))).ConnectedAt).toEqual(new Date(startAt));
    await post("second");
    await rig.quiet.idle();
    expect(received).toEqual(["second"]);
  });

  it("is answered 410 at a rate", async () => {
    const { post } = await under("post=gone:0.5");
    const answers = [];
    for (let sent = 0; sent < 20; sent++)
      answers.push(
        await post("x").then(
          () => "sent",
          () => "gone",
        ),
      );
    expect(new Set(answers)).toEqual(new Set(["sent", "gone"]));
  });

  it("arrives twice", async () => {
    const { post, received } = await under("post=doubled");
    await post("hello");
    await rig.quiet.idle();
    expect(received).toEqual(["hello", "hello"]);
  });

  it("that is still on its way when the connection ends is lost", async () => {
    const { post, received, socket } = await under("reorder=post:100");
    for (let sent = 0; sent < 10; sent++) await post("x");
    await rig.clock.advance(50);
    const before = received.length;
    socket.close(1000);
    await rig.clock.advance(50);
    expect([received.length, rig.gateway.counts().messagesOut]).toEqual([before, before]);
    expect(before).toBeLessThan(10);
  });

  it("that was taken before the connection was ordered to close arrives before it closes", async () => {
    const { post, ended, ConnectionId } = await under("reorder=post:100");
    for (let sent = 0; sent < 10; sent++) await post(String(sent));
    await rig.api.send(new DeleteConnectionCommand({ ConnectionId }));
    await rig.quiet.idle();
    expect([[...ended.received].sort(), ended.closed?.code]).toEqual([Array.from({ length: 10 }, (_, at) => String(at)), 1000]);
    await rig.clock.advance(100);
    expect(rig.gateway.counts().messagesOut).toBe(10);
  });

  it("overtakes another within the window", async () => {
    const { post, received } = await under("reorder=post:100");
    const sent = Array.from({ length: 10 }, (_, at) => String(at));
    for (const text of sent) await post(text);
    await rig.clock.advance(100);
    expect([...received].sort()).toEqual(sent);
    expect(received).not.toEqual(sent);
  });
});

describe("an invocation", () => {
  it("of a message that is throttled does not happen, and the client hears of it", async () => {
    const { socket, received } = await under("message=throttled");
    socket.send("x");
    await rig.quiet.idle();
    expect([rig.seen.default, JSON.parse(only(received)).message]).toEqual([[], "Too Many Requests"]);
  });

  it("that needs a new environment waits for it", async () => {
    const { socket } = await under("lambda=cold:400");
    socket.send("x");
    await rig.clock.advance(399);
    expect(rig.seen.default).toEqual([]);
    await rig.clock.advance(1);
    expect(rig.seen.default).toHaveLength(1);
  });

  it("of a message can be overtaken by that of the $disconnect after it", async () => {
    const order: string[] = [];
    rig = await startRig({ handlers: { default: async () => order.push("message"), disconnect: async () => order.push("disconnect") } });
    const { socket } = await rig.connect();
    rig.faults.set(parseFaults("latency=10"));
    socket.send("x");
    await rig.quiet.idle();
    rig.faults.set([]);
    socket.close(1000);
    await rig.clock.advance(10);
    expect(order).toEqual(["disconnect", "message"]);
  });

  it("of $disconnect waits too", async () => {
    const { socket } = await under("latency=10");
    socket.close(1000);
    await rig.clock.advance(9);
    expect(rig.seen.disconnect).toEqual([]);
    await rig.clock.advance(1);
    expect(rig.seen.disconnect).toHaveLength(1);
  });

  it("begins later, by the range given", async () => {
    const { socket } = await under("latency=50-60");
    for (let sent = 0; sent < 10; sent++) socket.send("x");
    await rig.clock.advance(49);
    expect(rig.seen.default).toEqual([]);
    await rig.clock.advance(11);
    expect(rig.seen.default).toHaveLength(10);
  });

  it("overtakes another within the window", async () => {
    const { socket } = await under("reorder=invoke:100");
    const sent = Array.from({ length: 10 }, (_, at) => String(at));
    for (const text of sent) socket.send(text);
    await rig.clock.advance(100);
    const handled = rig.seen.default.map(({ body }) => body);
    expect([...handled].sort()).toEqual(sent);
    expect(handled).not.toEqual(sent);
  });
});

it("ends when the faults are set to none", async () => {
  const { socket } = await under("disconnect=lost");
  rig.faults.set([]);
  socket.close(1000);
  await rig.quiet.idle();
  expect(rig.seen.disconnect).toHaveLength(1);
});

describe("the management API", () => {
  it("answers late by the clock", async () => {
    const { post, received } = await under("management=slow:300");
    const answered: number[] = [];
    const sent = post("x").then(() => answered.push(rig.clock.now()));
    // The request is at the gateway before the clock goes on.
    for (let turn = 0; turn < 50; turn++) await nextTurn();
    await rig.clock.advance(299);
    expect([answered, received]).toEqual([[], []]);
    await rig.clock.advance(1);
    await sent;
    await rig.quiet.idle();
    expect([answered.length, received]).toEqual([1, ["x"]]);
  });

  it("delivers a post whose answer is lost", async () => {
    const { post, received } = await under("management=lost");
    await expect(post("x")).rejects.not.toHaveProperty("$response");
    await rig.quiet.idle();
    expect(received).toEqual(["x"]);
  });

  it.each([
    ["management=throttled", 429],
    ["management=forbidden", 403],
    ["management=failing", 500],
  ])("with %s answers every request %i, and the connection lives on", async (faults, status) => {
    const { ConnectionId, ended } = await under(faults);
    for (const Command of [GetConnectionCommand, DeleteConnectionCommand])
      await expect(rig.api.send(new Command({ ConnectionId }))).rejects.toMatchObject({ $metadata: { httpStatusCode: status } });
    await expect(rig.api.send(new PostToConnectionCommand({ ConnectionId, Data: "a" }))).rejects.toMatchObject({
      $metadata: { httpStatusCode: status },
    });
    expect([ended.received, ended.closed]).toEqual([[], undefined]);
  });
});
