import { PostToConnectionCommand } from "@aws-sdk/client-apigatewaymanagementapi";
import { afterEach, describe, expect, it } from "vitest";
import { only, type Rig, startRig } from "./rig.ts";

let rig: Rig;
afterEach(() => rig.stop());

describe("messages", () => {
  it("invokes nothing for a ping and answers nothing, but counts it [F6]", async () => {
    rig = await startRig();
    const { socket, received } = await rig.connect();
    socket.send('{"type":"ping"}');
    await rig.quiet.idle();
    expect(rig.invocations.map(({ route }) => route)).toEqual(["authorizer", "$connect"]);
    expect(received).toEqual([]);
    expect(rig.gateway.counts()).toMatchObject({ pings: 1, messagesIn: 1, messagesOut: 0 });
  });

  it.each(['{"type":"hello"}', '{"type":7}', '["ping"]', "null", "not json", '"ping"', ""])("hands %s to $default", async (body) => {
    rig = await startRig();
    const { socket } = await rig.connect();
    socket.send(body);
    await rig.quiet.idle();
    expect(only(rig.seen.default).body).toBe(body);
  });

  it("runs the handlers of two messages at the same time, in whatever order they finish", async () => {
    const finish: (() => void)[] = [];
    const done: string[] = [];
    rig = await startRig({
      handlers: {
        async default({ body }) {
          await new Promise<void>((resolve) => finish.push(resolve));
          done.push(body);
        },
      },
    });
    const { socket } = await rig.connect();
    const waitAgain = rig.quiet.ignore(/handler/);
    socket.send("first");
    socket.send("second");
    await rig.quiet.idle();
    expect(finish).toHaveLength(2);
    waitAgain();
    for (const resolve of finish.reverse()) resolve();
    await rig.quiet.idle();
    expect(done).toEqual(["second", "first"]);
  });

  it("tells the client when a handler throws, before or after its first await", async () => {
    rig = await startRig({
      handlers: {
        default({ body }) {
          if (body === "at once") throw new Error("boom");
          return Promise.reject(new Error("boom"));
        },
      },
    });
    const { socket, received } = await rig.connect();
    socket.send("at once");
    socket.send("later");
    await rig.quiet.idle();
    expect(received.map((text) => JSON.parse(text))).toEqual(
      rig.seen.default.map(({ requestContext: { connectionId, requestId } }) => ({
        message: "Internal server error",
        connectionId,
        requestId,
      })),
    );
    expect(received).toHaveLength(2);
  });

  it("does not send what a handler returns", async () => {
    rig = await startRig({ handlers: { default: async () => ({ statusCode: 200, body: "hi" }) } });
    const { socket, received } = await rig.connect();
    socket.send("hello");
    await rig.quiet.idle();
    expect(received).toEqual([]);
  });

  it("reports each invocation with its route, its connection and its end", async () => {
    rig = await startRig({ handlers: { default: () => Promise.reject(new Error("boom")) } });
    const { socket } = await rig.connect();
    const { connectionId } = only(rig.gateway.connections.list());
    socket.send("hello");
    await rig.quiet.idle();
    socket.close(1000);
    await rig.quiet.idle();
    expect(rig.invocations).toEqual([
      { route: "authorizer", connectionId, ms: 0, ok: true },
      { route: "$connect", connectionId, ms: 0, ok: true },
      { route: "$default", connectionId, ms: 0, ok: false },
      { route: "$disconnect", connectionId, ms: 0, ok: true },
    ]);
  });

  it("bills messages in steps of 32 KB", async () => {
    rig = await startRig();
    const { socket } = await rig.connect();
    socket.send("x");
    socket.send("x".repeat(32 * 1024));
    await rig.quiet.idle();
    expect(rig.gateway.counts()).toMatchObject({ messagesIn: 2, billedMessages: 2, connects: 1 });
  });
});

describe("a connection seen from outside", () => {
  it("shows its age, its silence and whose it is", async () => {
    rig = await startRig();
    const { socket } = await rig.connect();
    await rig.clock.advance(1_000);
    socket.send('{"type":"ping"}');
    await rig.clock.advance(500);
    expect(only(rig.gateway.connections.list())).toMatchObject({ ageMs: 1_500, quietMs: 500, authorizer: { kind: "client" } });
  });

  it("can be ended with a close code, and a second time is told there is none", async () => {
    rig = await startRig();
    const ended = await rig.connect();
    const { connectionId } = only(rig.gateway.connections.list());
    expect(rig.gateway.connections.cut(connectionId, 1012)).toBe(true);
    expect(rig.gateway.connections.cut(connectionId)).toBe(false);
    await rig.quiet.idle();
    expect(ended.closed?.code).toBe(1012);
  });

  it("that lost its network hears nothing, and is found dead by the idle limit", async () => {
    rig = await startRig();
    const ended = await rig.connect();
    let pongs = 0;
    ended.socket.onpong = () => pongs++;
    rig.gateway.connections.stall(only(rig.gateway.connections.list()).connectionId);
    ended.socket.send("hello");
    ended.socket.ping();
    await rig.clock.advance(1_000);
    ended.socket.close();
    await rig.clock.advance(598_999);
    expect({ pongs, heard: rig.seen.default, closed: ended.closed?.code }).toEqual({ pongs: 0, heard: [], closed: 1006 });
    expect(rig.gateway.connections.list()).toHaveLength(1);
    await rig.clock.advance(1);
    expect(rig.gateway.connections.list()).toEqual([]);
    expect(only(rig.seen.disconnect).requestContext).toMatchObject({ disconnectStatusCode: 1001, disconnectReason: "Going away" });
  });

  it("that lost its network takes posts and delivers none of them", async () => {
    rig = await startRig();
    const { received } = await rig.connect();
    const { connectionId: ConnectionId } = only(rig.gateway.connections.list());
    rig.gateway.connections.stall(ConnectionId);
    await rig.api.send(new PostToConnectionCommand({ ConnectionId, Data: "x" }));
    await rig.quiet.idle();
    expect([received, rig.gateway.counts().messagesOut]).toEqual([[], 0]);
  });

  it("is dropped without $disconnect when the gateway closes", async () => {
    rig = await startRig();
    const ended = await rig.connect();
    rig.gateway.close();
    await rig.quiet.idle();
    expect(ended.closed?.code).toBe(1006);
    expect(rig.seen.disconnect).toEqual([]);
  });

  it("is dropped by a closing gateway while its handshake waits, and no handler runs any more", async () => {
    rig = await startRig();
    rig.faults.set([{ name: "latency", minMs: 50, maxMs: 50 }]);
    const ended = await rig.connect();
    rig.gateway.close();
    await rig.clock.advance(100);
    expect([ended.opened, ended.closed?.code, rig.seen.authorizer.length]).toEqual([false, 1006, 0]);
  });
});
