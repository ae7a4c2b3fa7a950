import { describe, expect, test } from "vitest";
import { negotiate } from "../../src/peer/negotiate.ts";
import { ufragsOf } from "../../src/peer/ufrag.ts";
import { createVirtualClock } from "../virtual-clock.ts";
import { create, talk } from "./negotiation.ts";
import { until } from "./pair.ts";

describe("negotiation", () => {
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

  test("asks for another peer connection where its offer was lost and the robot's stack cannot take it back [W8]", async () => {
    const sent: unknown[] = [];
    const pc = Object.assign(new EventTarget(), {
      connectionState: "connected",
      signalingState: "have-local-offer",
      setLocalDescription: () => Promise.reject(new Error("It cannot be taken back.")),
    });
    // Only what a lost offer makes it use.
    const part = pc as unknown as RTCPeerConnection;
    const negotiation = negotiate({ pc: part, polite: false, clock: createVirtualClock(), send: (data) => sent.push(data) });
    await negotiation.repeatOffer();
    expect(sent).toEqual([{ kind: "refused", problem: "peer.unrestartable", retryAfterMs: 0 }]);
  });

  test("a client whose stack cannot restart ICE makes another peer connection, once, instead of taking an offer that does [W8.1]", async () => {
    const replaced = Promise.withResolvers<void>();
    let count = 0;
    const replace = () => {
      count += 1;
      replaced.resolve();
      return true;
    };
    const { client, robot, log } = create({ client: { canRestart: false, replace } });
    await talk(client.pc, client.pc.createDataChannel("commands"), robot.pc);
    const before = client.described.remote;
    // An offer of the same generation is one like any other.
    robot.pc.createDataChannel("robot's");
    robot.pc.addTransceiver("video");
    await until(client.pc, "track", () => client.pc.getReceivers().length === 1);
    await until(client.pc, "signalingstatechange", () => client.pc.signalingState === "stable" && client.described.remote !== before);
    expect(count).toBe(0);
    const described = client.described.remote;
    await robot.negotiation.restart();
    await replaced.promise;
    await client.negotiation.receive({ kind: "app", body: 0 });
    expect([count, client.described.remote, log]).toEqual([1, described, []]);
    // Both ends see the path break.
    await client.negotiation.restart();
    expect([count, client.sent.filter(({ kind }) => kind === "restart")]).toEqual([1, []]);
  });

  test.each([
    ["failed", true],
    ["connecting", false],
  ])("an offer to a robot whose peer connection is %s before it took any is for another one: %s [W8.1]", (connectionState, isReplaced) => {
    const pc = Object.assign(new EventTarget(), { connectionState, close() {} });
    const negotiation = negotiate({
      pc: pc as unknown as RTCPeerConnection,
      polite: false,
      canRestart: false,
      clock: createVirtualClock(),
      send() {},
    });
    expect(negotiation.isReplacedBy({ kind: "offer", sdp: "a=fingerprint:sha-256 AA" })).toBe(isReplaced);
    negotiation.close();
  });

  test("a client that had nothing to put in the place of its peer connection replaces it when the path breaks again [W8.1]", () => {
    const answers = [false, true, true];
    const pc = Object.assign(new EventTarget(), { connectionState: "connected" });
    negotiate({
      // Only what a broken path makes it use.
      pc: pc as unknown as RTCPeerConnection,
      polite: true,
      canRestart: false,
      replace: () => answers.shift() ?? false,
      clock: createVirtualClock(),
      send() {},
    });
    const left = ["disconnected", "connected", "disconnected", "connected", "disconnected"].map((connectionState) => {
      pc.connectionState = connectionState;
      pc.dispatchEvent(new Event("connectionstatechange"));
      return answers.length;
    });
    expect(left).toEqual([2, 2, 1, 1, 1]);
  });

  test.each(["disconnected", "failed"])(
    "a client whose stack cannot restart ICE asks for no restart of a path that is %s [W8.1]",
    (connectionState) => {
      const sent: unknown[] = [];
      let count = 0;
      const pc = Object.assign(new EventTarget(), { connectionState });
      negotiate({
        // Only what a broken path makes it use.
        pc: pc as unknown as RTCPeerConnection,
        polite: true,
        canRestart: false,
        replace: () => {
          count += 1;
          return true;
        },
        clock: createVirtualClock(),
        send: (data) => sent.push(data),
      });
      for (let times = 0; times < 2; times += 1) pc.dispatchEvent(new Event("connectionstatechange"));
      expect([count, sent]).toEqual([1, []]);
    },
  );

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
});
