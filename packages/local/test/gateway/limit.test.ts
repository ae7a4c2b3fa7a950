import { limits } from "@tether/protocol/limits";
import { afterEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { only, type Rig, startRig } from "./rig.ts";

let rig: Rig;
afterEach(() => rig.stop());

const { frameBytes, messageBytes, idleMs, connectionLifeMs, integrationMs } = limits.gateway;

/** Sends one message in as many frames as there are sizes; resolves with the close code, or with what was handled. */
async function sendFrames(sizes: number[]): Promise<number | "handled"> {
  let handled = () => {};
  rig = await startRig({ handlers: { default: async () => handled() } });
  const ws = new WebSocket(rig.url);
  await new Promise((resolve) => ws.once("open", resolve));
  const answer = new Promise<number | "handled">((resolve) => {
    handled = () => resolve("handled");
    ws.once("close", (code) => resolve(code));
    ws.on("error", () => {});
  });
  for (const [at, size] of sizes.entries()) ws.send("x".repeat(size), { fin: at === sizes.length - 1 });
  return answer;
}

describe("sizes", () => {
  it("takes one frame of 32 KB", async () => {
    expect(await sendFrames([frameBytes])).toBe("handled");
    expect(only(rig.seen.default).body).toHaveLength(frameBytes);
  });

  it("closes 1009 for one frame a byte larger, and hands nothing on", async () => {
    expect(await sendFrames([frameBytes + 1])).toBe(1009);
    await rig.quiet.idle();
    expect(rig.seen.default).toEqual([]);
    expect(only(rig.seen.disconnect).requestContext.disconnectStatusCode).toBe(1009);
  });

  it("takes 40 KB in two frames", async () => {
    expect(await sendFrames([20 * 1024, 20 * 1024])).toBe("handled");
    expect(only(rig.seen.default).body).toHaveLength(40 * 1024);
  });

  it("takes a message of 128 KB in frames, and closes 1009 for a byte more", async () => {
    const quarters = [frameBytes, frameBytes, frameBytes, frameBytes];
    expect(quarters.reduce((sum, size) => sum + size)).toBe(messageBytes);
    expect(await sendFrames(quarters)).toBe("handled");
    await rig.stop();
    expect(await sendFrames([...quarters, 1])).toBe(1009);
    expect(rig.seen.default).toEqual([]);
  });
});

describe("time", () => {
  it("closes an idle connection at ten minutes, not before", async () => {
    rig = await startRig();
    const ended = await rig.connect();
    await rig.clock.advance(idleMs - 1);
    expect(ended.closed).toBeUndefined();
    await rig.clock.advance(1);
    expect(ended.closed).toEqual({ code: 1001, reason: "Going away" });
    expect(only(rig.seen.disconnect).requestContext).toMatchObject({ disconnectStatusCode: 1001, disconnectReason: "Going away" });
  });

  it("begins the ten minutes again with each message, a keepalive included", async () => {
    rig = await startRig();
    const ended = await rig.connect();
    await rig.clock.advance(idleMs - 1);
    ended.socket.send('{"type":"ping"}');
    await rig.clock.advance(idleMs - 1);
    expect(ended.closed).toBeUndefined();
    await rig.clock.advance(1);
    expect(ended.closed?.code).toBe(1001);
  });

  it("does not take a ping frame for activity", async () => {
    rig = await startRig();
    const ended = await rig.connect();
    let pongs = 0;
    ended.socket.onpong = () => pongs++;
    await rig.clock.advance(idleMs - 1);
    ended.socket.ping();
    await rig.clock.advance(1);
    expect(pongs).toBe(1);
    expect(ended.closed?.code).toBe(1001);
  });

  it("cuts a busy connection at two hours", async () => {
    rig = await startRig();
    const ended = await rig.connect();
    for (let at = 0; at < connectionLifeMs - idleMs; at += idleMs / 2) {
      await rig.clock.advance(idleMs / 2);
      ended.socket.send('{"type":"ping"}');
    }
    await rig.clock.advance(idleMs - 1);
    expect(ended.closed).toBeUndefined();
    await rig.clock.advance(1);
    expect(ended.closed).toEqual({ code: 1001, reason: "Going away" });
  });
});

describe("a handler that takes longer than 29 s", () => {
  it("is given up, and the client is told", async () => {
    let finish = () => {};
    const slow = new Promise<void>((resolve) => {
      finish = resolve;
    });
    rig = await startRig({ handlers: { default: () => slow } });
    const { socket, received } = await rig.connect();
    // The handler waits for the clock, so the clock must not wait for the handler.
    const waitAgain = rig.quiet.ignore(/handler \$default/);
    socket.send("hang");
    await rig.clock.advance(integrationMs - 1);
    expect(received).toEqual([]);
    await rig.clock.advance(1);
    waitAgain();
    const { connectionId } = only(rig.seen.default).requestContext;
    expect(JSON.parse(only(received))).toEqual({
      message: "Endpoint request timed out",
      connectionId,
      requestId: only(rig.seen.default).requestContext.requestId,
    });
    expect(only(rig.invocations.filter(({ route }) => route === "$default"))).toMatchObject({ ok: false, ms: integrationMs });
    finish();
    await rig.quiet.idle();
    expect(received).toHaveLength(1);
  });
});
