import { createServer } from "node:http";
import { PostToConnectionCommand } from "@aws-sdk/client-apigatewaymanagementapi";
import type { SocketLike } from "@tether/sdk/socket";
import { afterEach, describe, expect, expectTypeOf, it } from "vitest";
import { WebSocketServer } from "ws";
import { createQuiet } from "../../src/clock/quiet.ts";
import { nextTurn, realClock } from "../../src/clock/real.ts";
import { type TrackedSocket, trackedSocket } from "../../src/clock/socket.ts";
import { only, type Rig, startRig } from "../gateway/rig.ts";

let rig: Rig | undefined;
afterEach(async () => {
  await rig?.stop();
  rig = undefined;
});

describe("a tracked socket on the gateway", () => {
  it("counts a hundred frames each way: idle resolves when the last has arrived", async () => {
    const answers = 100;
    const here = await startRig({
      handlers: {
        async default({ body, requestContext: { connectionId: ConnectionId } }) {
          await here.api.send(new PostToConnectionCommand({ ConnectionId, Data: `re ${body}` }));
        },
      },
    });
    rig = here;
    const { socket, received } = await here.connect();
    for (let sent = 0; sent < answers; sent++) socket.send(String(sent));
    expect(received).toEqual([]);
    await here.quiet.idle();
    expect(received).toHaveLength(answers);
  });

  it("names what is in flight", async () => {
    rig = await startRig();
    const { socket } = await rig.connect();
    socket.send("x");
    expect(only(rig.quiet.open())).toMatch(/^1 frame\(s\) to the gateway on socket :\d+ to \/local$/);
    socket.ping();
    socket.close();
    expect(rig.quiet.open().map((label) => label.replace(/ (on|of|to the client) .*/, ""))).toEqual([
      "1 frame(s) to the gateway",
      "pong",
      "closing",
    ]);
    await rig.quiet.idle();
    expect(rig.quiet.open()).toEqual([]);
  });

  it("waits for a close until both ends have seen it and $disconnect is handled", async () => {
    rig = await startRig();
    const { socket } = await rig.connect();
    socket.close(1000);
    await rig.quiet.idle();
    expect(only(rig.invocations.filter(({ route }) => route === "$disconnect")).ok).toBe(true);
  });

  it("explains a handler that hangs", async () => {
    let finish = () => {};
    const hang = new Promise<void>((resolve) => {
      finish = resolve;
    });
    rig = await startRig({ limitMs: 50, handlers: { default: () => hang } });
    const { socket } = await rig.connect();
    const { connectionId } = only(rig.gateway.connections.list());
    socket.send("x");
    await expect(rig.clock.advance(1_000)).rejects.toThrow(`Not quiet after 50 ms. Still open: handler $default of ${connectionId}.`);
    finish();
    await rig.clock.advance(1_000);
  });

  it("lets time pass while a handshake waits for the clock", async () => {
    rig = await startRig();
    const { clock, faults, seen } = rig;
    faults.set([{ name: "latency", minMs: 50, maxMs: 50 }]);
    const waiting = await rig.connect();
    expect([waiting.opened, seen.connect.length]).toEqual([false, 0]);
    await clock.advance(50);
    expect([waiting.opened, seen.connect.length]).toEqual([false, 0]);
    await clock.advance(50);
    expect([waiting.opened, seen.connect.length]).toEqual([true, 1]);
  });
});

it("is a socket to the SDK", () => {
  expectTypeOf<TrackedSocket>().toExtend<SocketLike>();
});

describe("a tracked socket elsewhere", () => {
  it("is only counted while it connects when the server does not count", async () => {
    const quiet = createQuiet({ clock: realClock, turn: nextTurn });
    const server = createServer();
    const wss = new WebSocketServer({ server });
    await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const socket = trackedSocket(quiet, `ws://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`);
    expect(quiet.open()).toHaveLength(1);
    await new Promise<void>((resolve) => {
      socket.onopen = resolve;
    });
    await quiet.idle();
    socket.send("x");
    await quiet.idle();
    for (const client of wss.clients) client.terminate();
    await new Promise((resolve) => server.close(resolve));
  });

  it("is over when nobody listens", async () => {
    const quiet = createQuiet({ clock: realClock, turn: nextTurn });
    const socket = trackedSocket(quiet, "ws://127.0.0.1:1");
    const said: string[] = [];
    socket.onerror = ({ message }) => said.push(message);
    socket.onclose = ({ code }) => said.push(String(code));
    await quiet.idle();
    expect(said).toEqual([expect.stringContaining("ECONNREFUSED"), "1006"]);
  });
});
