import wrtc from "@roamhq/wrtc";
import { expect, onTestFinished, test } from "vitest";
import { RTCPeerConnection as Werift } from "werift";
import { connected, createPair } from "./pair.ts";

// werift (https://github.com/shinyoshiaki/werift-webrtc) is WebRTC in TypeScript alone. It has what the SDK asks of a stack, by other types.
const werift = () => new Werift({ iceServers: [] }) as unknown as RTCPeerConnection;

const stacks = {
  "a client on werift and a robot on wrtc": { client: werift },
  "a client on wrtc and a robot on werift": { robot: werift },
  "two ends on werift": { client: werift, robot: werift },
};

const kinds = (sent: readonly { kind: string }[]) => sent.map(({ kind }) => kind).filter((kind) => !kind.startsWith("candidate"));

test.each(Object.entries(stacks))(
  "%s talk over both channels after one offer and its answer, with a place for a picture in it [W1, W1.3, W2]",
  async (_, chosen) => {
    const { client, robot, log, close } = createPair({ stacks: chosen });
    onTestFinished(close);
    const heard = new Map<string, string>();
    const answered = Promise.withResolvers<void>();
    robot.pc.addEventListener("datachannel", ({ channel }) => {
      channel.onmessage = ({ data }) => channel.send(`${data} back`);
    });
    const channels = [
      client.pc.createDataChannel("tether.control", { ordered: false, maxRetransmits: 0 }),
      client.pc.createDataChannel("tether.events", { ordered: true }),
    ];
    client.pc.addTransceiver("video", { direction: "recvonly" });
    for (const channel of channels) {
      channel.onopen = () => channel.send("word");
      channel.onmessage = ({ data }) => {
        heard.set(channel.label, String(data));
        if (heard.size === channels.length) answered.resolve();
      };
    }
    await connected(client.pc);
    await answered.promise;
    expect([...heard].sort()).toEqual([
      ["tether.control", "word back"],
      ["tether.events", "word back"],
    ]);
    expect([kinds(client.sent), kinds(robot.sent), log]).toEqual([["offer"], ["answer"], []]);
  },
);

test.each([
  ["wrtc", undefined],
  ["werift", werift],
] as const)(
  "a robot's sound takes the place that its client on %s offers for it, beside its picture's, in its answer [W1.3]",
  async (_, stack) => {
    const { client, robot, log, close } = createPair(stack ? { stacks: { client: stack } } : {});
    onTestFinished(close);
    const source = new wrtc.nonstandard.RTCAudioSource();
    const tracks = [new wrtc.nonstandard.RTCVideoSource().createTrack(), source.createTrack()];
    onTestFinished(() => {
      for (const track of tracks) track.stop();
    });
    const shown: string[] = [];
    const both = Promise.withResolvers<void>();
    client.pc.addEventListener("track", ({ track }) => {
      shown.push(track.kind);
      if (shown.length === tracks.length) both.resolve();
    });
    for (const track of tracks) robot.pc.addTrack(track);
    for (const kind of ["video", "audio"] as const) client.pc.addTransceiver(kind, { direction: "recvonly" });
    client.pc.createDataChannel("tether.control");
    await Promise.all([connected(client.pc), both.promise]);
    const [answer] = robot.sent;
    const sent = (answer?.kind === "answer" ? answer.sdp : "")
      .split(/^(?=m=)/m)
      .flatMap((section) => (/^a=sendonly/m.test(section) ? [section.slice(2, 7)] : []));
    expect([shown.sort(), sent, log]).toEqual([["audio", "video"], ["video", "audio"], []]);
    expect([kinds(client.sent), kinds(robot.sent)]).toEqual([["offer"], ["answer"]]);
  },
);
