import type { SignalData } from "@tether/protocol/frame/signal";
import { afterEach, describe, expect, test } from "vitest";
import { negotiate } from "../../src/peer/negotiate.ts";
import { ufragsOf } from "../../src/peer/ufrag.ts";
import { createVirtualClock } from "../virtual-clock.ts";
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

const kinds = (sent: readonly SignalData[]) => sent.map(({ kind }) => kind).filter((kind) => !kind.startsWith("candidate"));

describe("negotiation", () => {
  test("connects two peers over signalling that only carries data", async () => {
    const { client, robot, log } = create();
    const channel = client.pc.createDataChannel("commands");
    expect(await talk(client.pc, channel, robot.pc)).toBe("word");
    expect([kinds(client.sent), kinds(robot.sent), log]).toEqual([["offer"], ["answer"], []]);
  });

  /** Each end has made an offer that the other has not seen. */
  async function crossing({ client, robot, hold }: ReturnType<typeof create>, offers: () => void): Promise<void> {
    hold();
    offers();
    await Promise.all([client, robot].map(({ pc }) => until(pc, "signalingstatechange", () => pc.signalingState === "have-local-offer")));
  }

  test("is begun by the client: what the robot has to offer waits, and comes then [W2]", async () => {
    const { client, robot, log } = create();
    const needed = new Promise((resolve) => robot.pc.addEventListener("negotiationneeded", resolve, { once: true }));
    robot.pc.addTransceiver("video", { direction: "sendonly" });
    const fromRobot = robot.pc.createDataChannel("robot's");
    await needed;
    // In its turn: an answer to nothing is none.
    await robot.negotiation.receive({ kind: "answer", sdp: "" });
    expect(robot.sent).toEqual([]);
    const shown = new Promise<string>((resolve) => {
      client.pc.ontrack = ({ track }) => resolve(track.kind);
    });
    const heard = [talk(client.pc, client.pc.createDataChannel("client's"), robot.pc), talk(robot.pc, fromRobot, client.pc)];
    expect([await Promise.all(heard), await shown]).toEqual([["word", "word"], "video"]);
    await until(robot.pc, "signalingstatechange", () => kinds(client.sent).length === 2 && robot.pc.signalingState === "stable");
    // Whatever one of them still wants to say comes before the end of a whole ICE restart.
    await robot.negotiation.restart();
    await until(robot.pc, "signalingstatechange", () => kinds(client.sent).length === 3 && robot.pc.signalingState === "stable");
    expect([kinds(client.sent), kinds(robot.sent), log]).toEqual([["offer", "answer", "answer"], ["answer", "offer", "offer"], []]);
  });

  test("settles when both offer at once later on: the client yields, and both get what they wanted [W2]", async () => {
    const pair = create();
    const { client, robot, release, log } = pair;
    await talk(client.pc, client.pc.createDataChannel("commands"), robot.pc);
    const shown = [client, robot].map(
      ({ pc }) =>
        new Promise<string>((resolve) => {
          pc.ontrack = ({ track }) => resolve(track.kind);
        }),
    );
    await crossing(pair, () => {
      client.pc.addTransceiver("audio");
      robot.pc.addTransceiver("video");
    });
    release();
    expect(await Promise.all(shown)).toEqual(["video", "audio"]);
    await until(client.pc, "signalingstatechange", () => kinds(robot.sent).length === 3 && client.pc.signalingState === "stable");
    expect([kinds(client.sent), kinds(robot.sent), log]).toEqual([
      ["offer", "offer", "answer", "offer"],
      ["answer", "offer", "answer"],
      [],
    ]);
  });

  test("keeps candidates that overtake the description of their generation [W3, W3.1]", async () => {
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

  test("needs two signals of each end where no server is asked: no timer runs, and the end of the search sends what was found [W3.2]", async () => {
    const clock = createVirtualClock();
    const { client, robot, log } = create({ clock });
    const channel = client.pc.createDataChannel("commands");
    const heard = talk(client.pc, channel, robot.pc);
    for (const { pc } of [client, robot]) await until(pc, "icegatheringstatechange", () => pc.iceGatheringState === "complete");
    expect(await heard).toBe("word");
    const batch = expect.stringMatching(/^candidates?$/);
    expect([client.sent, robot.sent].map((sent) => sent.map(({ kind }) => kind))).toEqual([
      ["offer", batch],
      ["answer", batch],
    ]);
    expect([clock.pending, log]).toEqual([0, []]);
  });

  test("restarts ICE with fresh servers, and keeps the channel open throughout [W4]", async () => {
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
    const before = ufragsOf(client.described.remote ?? "");
    // The two sides see the same path fail.
    await Promise.all([robot.negotiation.restart(), robot.negotiation.receive({ kind: "restart" })]);
    await until(client.pc, "signalingstatechange", () => {
      const now = ufragsOf(client.described.remote ?? "");
      return client.pc.signalingState === "stable" && [...now].every((ufrag) => !before.has(ufrag));
    });
    expect(asked).toHaveLength(1);
    expect(robot.pc.getConfiguration().iceServers).toMatchObject([{ urls: expect.anything() }]);
    expect([channel.readyState, client.pc.connectionState]).toEqual(["open", "connected"]);
  });

  test.each(["disconnected", "failed"] as const)(
    "restarts ICE once when both ends see the path %s, and anew when it breaks again [W4]",
    async (state) => {
      const [client, robot] = [true, false].map((polite) => {
        const sent: unknown[] = [];
        let restarts = 0;
        let told = 0;
        const pc = Object.assign(new EventTarget(), {
          connectionState: "connected",
          getConfiguration: () => ({}),
          setConfiguration: () => {},
          restartIce: () => {
            restarts += 1;
          },
        });
        const negotiation = negotiate({
          // Only what a broken path makes it use.
          pc: pc as unknown as RTCPeerConnection,
          polite,
          send: (data) => sent.push(data),
          clock: createVirtualClock(),
          freshIceServers: async () => [],
          disconnected: () => {
            told += 1;
          },
        });
        const become = async (to: string) => {
          pc.connectionState = to;
          pc.dispatchEvent(new Event("connectionstatechange"));
          // A restart is over when what is asked for after it is.
          await negotiation.receive({ kind: "app", body: 0 });
          for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
        };
        return { sent, negotiation, become, restarts: () => restarts, told: () => told };
      });
      if (!client || !robot) throw new Error("there are two");
      for (const breaks of [1, 2]) {
        client.sent.length = 0;
        await client.become(state);
        expect(client.sent).toEqual([{ kind: "restart" }]);
        await robot.become("disconnected");
        await robot.negotiation.receive({ kind: "restart" });
        expect([client.restarts(), robot.restarts(), robot.told()]).toEqual([0, breaks, breaks]);
        await robot.become("connected");
      }
    },
  );

  test("asks for another peer connection, once, where the robot's stack cannot restart ICE [W8]", async () => {
    const sent: unknown[] = [];
    const pc = Object.assign(new EventTarget(), { connectionState: "connected", signalingState: "have-local-offer" });
    // Only what a broken path makes it use.
    const part = pc as unknown as RTCPeerConnection;
    const negotiation = negotiate({
      pc: part,
      polite: false,
      canRestart: false,
      clock: createVirtualClock(),
      send: (data) => sent.push(data),
    });
    await negotiation.repeatOffer();
    for (const connectionState of ["disconnected", "failed"]) {
      pc.connectionState = connectionState;
      pc.dispatchEvent(new Event("connectionstatechange"));
      await negotiation.receive({ kind: "restart" });
    }
    expect(sent).toEqual([{ kind: "refused", problem: "peer.unrestartable", retryAfterMs: 0 }]);
  });

  test("restarts ICE although fresh servers cannot be had, and goes on negotiating while it waits for them [W4]", async () => {
    const { promise, reject } = Promise.withResolvers<RTCIceServer[]>();
    const { client, robot, log } = create({ freshIceServers: () => promise });
    await talk(client.pc, client.pc.createDataChannel("commands"), robot.pc);
    const before = client.described.remote;
    const restarted = robot.negotiation.restart();
    const shown = new Promise<string>((resolve) => {
      client.pc.ontrack = ({ track }) => resolve(track.kind);
    });
    robot.pc.addTransceiver("video");
    expect(await shown).toBe("video");
    await until(robot.pc, "signalingstatechange", () => robot.pc.signalingState === "stable");
    expect([...ufragsOf(client.described.remote ?? "")]).toEqual([...ufragsOf(before ?? "")]);
    reject(new Error("no network"));
    await restarted;
    await until(client.pc, "signalingstatechange", () => {
      const now = ufragsOf(client.described.remote ?? "");
      return client.pc.signalingState === "stable" && [...now].every((ufrag) => !ufragsOf(before ?? "").has(ufrag));
    });
    expect(log.map((line) => JSON.parse(line).what)).toEqual(["servers"]);
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
