import type { SignalData } from "@tether/protocol/frame/signal";
import { afterEach, describe, expect, test } from "vitest";
import { ufragsOf } from "../../src/peer/ufrag.ts";
import { connected, createPair, until } from "./pair.ts";

const pairs: ReturnType<typeof createPair>[] = [];
afterEach(() => {
  for (const pair of pairs.splice(0)) pair.close();
});

function create(options?: Parameters<typeof createPair>[0]) {
  const pair = createPair(options);
  pairs.push(pair);
  return pair;
}

/** Sends a word over a channel of one side and resolves with what the other side's channel of that name hears. */
async function talk(from: RTCPeerConnection, channel: RTCDataChannel, to: RTCPeerConnection): Promise<string> {
  const heard = new Promise<string>((resolve) => {
    to.addEventListener("datachannel", ({ channel: other }) => {
      other.onmessage = ({ data }) => resolve(String(data));
    });
  });
  await connected(from);
  if (channel.readyState !== "open") await new Promise((resolve) => channel.addEventListener("open", resolve));
  channel.send("word");
  return heard;
}

const kinds = (sent: readonly SignalData[]) => sent.map(({ kind }) => kind).filter((kind) => kind !== "candidate");

describe("negotiation", () => {
  test("connects two peers over signalling that only carries data", async () => {
    const { client, robot, log } = create();
    const channel = client.pc.createDataChannel("commands");
    expect(await talk(client.pc, channel, robot.pc)).toBe("word");
    expect([kinds(client.sent), kinds(robot.sent), log]).toEqual([["offer"], ["answer"], []]);
  });

  test("settles when both offer at once: the client yields, and both channels come about", async () => {
    const { client, robot, hold, release, log } = create();
    hold();
    const fromClient = client.pc.createDataChannel("client's");
    const fromRobot = robot.pc.createDataChannel("robot's");
    await Promise.all([client, robot].map(({ pc }) => until(pc, "signalingstatechange", () => pc.signalingState === "have-local-offer")));
    const heard = Promise.all([talk(client.pc, fromClient, robot.pc), talk(robot.pc, fromRobot, client.pc)]);
    await Promise.all([client, robot].map(({ negotiation }) => negotiation.receive({ kind: "app", body: null })));
    release();
    expect(await heard).toEqual(["word", "word"]);
    expect(kinds(robot.sent)[0]).toBe("offer");
    expect(kinds(client.sent)).toContain("answer");
    expect(log).toEqual([]);
  });

  test("keeps candidates that overtake the description of their generation", async () => {
    const { client, robot, hold, release, log } = create();
    hold();
    const channel = client.pc.createDataChannel("commands");
    await until(client.pc, "icegatheringstatechange", () => client.pc.iceGatheringState === "complete");
    const heard = talk(client.pc, channel, robot.pc);
    expect(client.sent.length).toBeGreaterThan(1);
    release((held) => held.toReversed());
    expect(await heard).toBe("word");
    expect(log).toEqual([]);
  });

  test("restarts ICE with fresh servers, and keeps the channel open throughout", async () => {
    const fresh = [{ urls: "stun:127.0.0.1:9" }];
    const asked: number[] = [];
    const { client, robot } = create({
      freshIceServers: async () => {
        asked.push(1);
        return fresh;
      },
    });
    const channel = client.pc.createDataChannel("commands");
    await talk(client.pc, channel, robot.pc);
    const before = ufragsOf(client.pc.remoteDescription?.sdp ?? "");
    await robot.negotiation.restart();
    await until(client.pc, "signalingstatechange", () => {
      const now = ufragsOf(client.pc.remoteDescription?.sdp ?? "");
      return client.pc.signalingState === "stable" && [...now].every((ufrag) => !before.has(ufrag));
    });
    expect(asked).toHaveLength(1);
    expect(robot.pc.getConfiguration().iceServers).toMatchObject([{ urls: expect.anything() }]);
    expect([channel.readyState, client.pc.connectionState]).toEqual(["open", "connected"]);
  });

  test("survives what makes no sense, and says so in the log without its content", async () => {
    const { client, robot, log } = create();
    await robot.negotiation.receive({ kind: "offer", sdp: "secret nonsense" });
    await robot.negotiation.receive({ kind: "answer", sdp: "secret nonsense" });
    await robot.negotiation.receive({ kind: "candidate", candidate: "secret", sdpMid: "0", sdpMLineIndex: 0 });
    const channel = client.pc.createDataChannel("commands");
    expect(await talk(client.pc, channel, robot.pc)).toBe("word");
    expect(log.map((line) => JSON.parse(line).what)).toEqual(["offer", "candidate"]);
    expect(log.join()).not.toContain("secret");
  });

  test("does nothing once closed", async () => {
    const { client, robot } = create();
    robot.negotiation.close();
    await robot.negotiation.receive({ kind: "offer", sdp: "v=0" });
    await robot.negotiation.restart();
    expect([robot.pc.connectionState, robot.sent, client.sent]).toEqual(["closed", [], []]);
  });
});
