import { describe, expect, test } from "vitest";
import { createVirtualClock } from "../virtual-clock.ts";
import { create, kinds, talk } from "./negotiation.ts";
import { connected, until } from "./pair.ts";

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
    // An offer that one end still wants to make comes before the end of a whole ICE restart.
    await robot.negotiation.restart();
    await until(robot.pc, "signalingstatechange", () => kinds(client.sent).length === 3 && robot.pc.signalingState === "stable");
    expect([kinds(client.sent), kinds(robot.sent), log]).toEqual([["offer", "answer", "answer"], ["answer", "offer", "offer"], []]);
  });

  // wrtc 0.10 did so for one of three clients, for tracks that got their places.
  test("offers nothing for what the engine asks for while an offer of the client is applied: the answer has it [W1.3]", async () => {
    const { client, robot, log } = create();
    const isAsked = () => robot.pc.signalingState === "have-remote-offer";
    robot.pc.addEventListener("signalingstatechange", () => isAsked() && robot.pc.dispatchEvent(new Event("negotiationneeded")));
    await talk(client.pc, client.pc.createDataChannel("commands"), robot.pc);
    client.pc.addTransceiver("video", { direction: "recvonly" });
    await until(client.pc, "signalingstatechange", () => kinds(client.sent).length === 2 && client.pc.signalingState === "stable");
    // In its turn: an answer to nothing is none.
    await robot.negotiation.receive({ kind: "answer", sdp: "" });
    expect([kinds(client.sent), kinds(robot.sent), log]).toEqual([["offer", "offer"], ["answer", "answer"], []]);
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

  test("drops an answer to another offer than the one that is out, and takes one that names its own [W3.3]", async () => {
    const former = create();
    const pair = create();
    for (const { client, hold } of [former, pair]) {
      hold();
      client.pc.createDataChannel("commands");
      await expect.poll(() => kinds(client.sent), { timeout: 60_000 }).toEqual(["offer"]);
    }
    former.release();
    await until(former.client.pc, "signalingstatechange", () => former.client.pc.signalingState === "stable");
    const late = former.robot.sent.find(({ kind }) => kind === "answer");
    const { client, robot, release, log } = pair;
    if (late) await client.negotiation.receive(late);
    expect([late && "offer" in late, client.pc.signalingState]).toEqual([true, "have-local-offer"]);
    release();
    await connected(client.pc);
    expect([kinds(client.sent), kinds(robot.sent), log]).toEqual([["offer"], ["answer"], []]);
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
