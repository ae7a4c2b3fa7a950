import wrtc from "@roamhq/wrtc";
import { channels, FromRobot } from "@tether/protocol/control";
import type { SignalData } from "@tether/protocol/frame/signal";
import type { ClientSessionId } from "@tether/protocol/id";
import { keepDescriptions } from "@tether/sdk/rtc/descriptions";
import type { Clock } from "../clock/clock.ts";
import { createWatch } from "./watch.ts";

export type Received = { readonly at: number; readonly channel: "control" | "events"; readonly message: FromRobotMessage };
export type FromRobotMessage = ReturnType<typeof FromRobot.parse> | { readonly type: "wrong"; readonly text: string };

/** The time by which this operator's clock is ahead of the robot's, as any operator's is. */
const aheadMs = 1_234_567;

type Env = {
  readonly clock: Clock;
  readonly session: ClientSessionId;
  readonly iceServers?: RTCIceServer[];
  /** Answers an offer of the robot's. */
  readonly answer: (data: SignalData) => void;
  /** The command that a case sends which does not care what a command says. */
  readonly body: () => object;
  /** Further fields of each command. */
  readonly fields?: () => object;
  /** Told of whatever is said on a channel, before it is. */
  readonly says?: (channel: "control" | "events", message: object | string) => void;
  /** Told of whatever is heard, before a case is. */
  readonly hears?: (message: FromRobotMessage) => void;
};

/** An operator's end of a peer connection: its channels, what is heard on them, and what a case says on them. */
export function createOperatorPeer(env: Env) {
  const { clock, session, iceServers = [], answer, body, fields = () => ({}), says = () => {}, hears = () => {} } = env;
  const received = createWatch<Received>(clock);
  const pc: RTCPeerConnection = new wrtc.RTCPeerConnection({ iceServers });
  const described = keepDescriptions(pc);
  const control = pc.createDataChannel(channels.control.label, channels.control.options);
  const events = pc.createDataChannel(channels.events.label, channels.events.options);
  const state = { answersClock: true, seq: 0, ignoresCandidates: false };
  let offered = "";
  const now = () => clock.now() + aheadMs;
  const held: RTCIceCandidateInit[] = [];

  function hear(channel: "control" | "events", data: unknown): void {
    const at = clock.now();
    const message = read(String(data));
    hears(message);
    received.put({ at, channel, message });
    if (message.type === "clock" && state.answersClock) say("events", { type: "clock", t0: message.t0, t1: now() });
  }

  function say(name: "control" | "events", message: object | string): void {
    const channel = name === "control" ? control : events;
    if (channel.readyState !== "open") return;
    says(name, message);
    channel.send(typeof message === "string" ? message : JSON.stringify(message));
  }

  control.onmessage = ({ data }) => hear("control", data);
  events.onmessage = ({ data }) => hear("events", data);

  return {
    session,
    received,
    state,
    now,
    pc,
    /** The last offer that was made. */
    offered: () => offered,
    /** The robot's newest description of itself. */
    remote: () => described.remote ?? "",
    async negotiate(data: SignalData): Promise<void> {
      if (data.kind === "candidate" || data.kind === "candidates") {
        if (state.ignoresCandidates) return;
        for (const { candidate, sdpMid, sdpMLineIndex } of data.kind === "candidate" ? [data] : data.candidates) {
          if (candidate === "") continue;
          if (described.remote !== undefined) await pc.addIceCandidate({ candidate, sdpMid, sdpMLineIndex });
          else held.push({ candidate, sdpMid, sdpMLineIndex });
        }
      } else if (data.kind === "answer" || data.kind === "offer") {
        const sdp = state.ignoresCandidates ? withoutCandidates(data.sdp) : data.sdp;
        await pc.setRemoteDescription({ type: data.kind, sdp });
        for (const candidate of held.splice(0)) await pc.addIceCandidate(candidate);
        if (data.kind === "answer") return;
        const made = await pc.createAnswer();
        await pc.setLocalDescription(made);
        answer({ kind: "answer", sdp: made.sdp ?? "" });
      }
    },
    async gathered(): Promise<string> {
      await pc.setLocalDescription(await pc.createOffer());
      await new Promise<void>((resolve) => {
        const look = () => {
          if (pc.iceGatheringState === "complete") resolve();
        };
        pc.addEventListener("icegatheringstatechange", look);
        look();
      });
      // No more candidates are found by now, so that the engine does not write what is read.
      offered = pc.localDescription?.sdp ?? "";
      return offered;
    },
    async opened(ms = 15_000): Promise<void> {
      const isOpen = () => control.readyState === "open" && events.readyState === "open";
      for (let waited = 0; !isOpen() && waited < ms; waited += 20) await new Promise<void>((resolve) => clock.after(20, resolve));
      if (!isOpen()) throw new Error("The data channels did not open.");
      // The robot's messages for a newcomer are on their way.
      await new Promise<void>((resolve) => clock.after(100, resolve));
    },
    onControl: (message: object | string) => say("control", message),
    onEvents: (message: object | string) => say("events", message),
    body,
    command(epoch: number, part: object = {}): void {
      state.seq += 1;
      say("control", { epoch, seq: state.seq, sentAt: now(), ...fields(), command: body(), ...part });
    },
    /** The first message of a type from place `from` on. */
    async message<Type extends FromRobotMessage["type"]>(
      type: Type,
      options: { from?: number; ms?: number; where?: (one: never) => boolean } = {},
    ) {
      const { where = () => true } = options;
      const found = await received.until(`the message ${type}`, ({ message }) => message.type === type && where(message as never), options);
      return found.message as Extract<FromRobotMessage, { type: Type }>;
    },
    closeChannel: (channel: "control" | "events") => (channel === "control" ? control : events).close(),
    close: () => pc.close(),
  };
}

export type OperatorPeer = ReturnType<typeof createOperatorPeer>;

export const withoutCandidates = (sdp: string): string => sdp.replaceAll(/^a=(candidate:.*|end-of-candidates)\r\n/gm, "");

function read(text: string): FromRobotMessage {
  try {
    return FromRobot.parse(JSON.parse(text));
  } catch {
    return { type: "wrong", text: text.slice(0, 200) };
  }
}
