import wrtc from "@roamhq/wrtc";
import { type ControlPermit, channels, FromRobot } from "@tether/protocol/control";
import type { SignalData } from "@tether/protocol/frame/signal";
import { type ClientSessionId, InstanceId } from "@tether/protocol/id";
import type { Peer } from "@tether/protocol/peer";
import { keepDescriptions } from "@tether/sdk/rtc/descriptions";
import type { Clock } from "../clock/clock.ts";
import type { Connection } from "./connection.ts";
import { robot, session as robotSession, type Service } from "./service.ts";
import { createWatch } from "./watch.ts";

export type Told = { readonly at: number; readonly channel: "control" | "events"; readonly message: FromRobotMessage };
type FromRobotMessage = ReturnType<typeof FromRobot.parse> | { readonly type: "wrong"; readonly text: string };

/** The time by which this operator's clock is ahead of the robot's, as any operator's is. */
const aheadMs = 1_234_567;

/** An operator with a real peer connection whose every word is a case's. */
export function createOperator({ clock, service }: { clock: Clock; service: Service }, session: ClientSessionId) {
  const told = createWatch<Told>(clock);
  const signals = createWatch<SignalData>(clock);
  const pc: RTCPeerConnection = new wrtc.RTCPeerConnection();
  const described = keepDescriptions(pc);
  const control = pc.createDataChannel(channels.control.label, channels.control.options);
  const events = pc.createDataChannel(channels.events.label, channels.events.options);
  const instance = InstanceId.parse(`conform-${session.slice(-8)}`);
  const state = { answersClock: true, seq: 0, sent: 0, taken: 0, losesSignals: 0, ignoresCandidates: false };
  const now = () => clock.now() + aheadMs;
  let queue = Promise.resolve();
  const held: RTCIceCandidateInit[] = [];
  let over: Connection | undefined;

  function hear(channel: "control" | "events", data: unknown): void {
    const at = clock.now();
    const message = read(String(data));
    told.put({ at, channel, message });
    if (message.type === "clock" && state.answersClock) say(events, { type: "clock", t0: message.t0, t1: now() });
  }

  function say(channel: RTCDataChannel, message: object | string): void {
    if (channel.readyState === "open") channel.send(typeof message === "string" ? message : JSON.stringify(message));
  }

  control.onmessage = ({ data }) => hear("control", data);
  events.onmessage = ({ data }) => hear("events", data);

  const peer = (): Peer => ({
    session,
    kind: "client",
    state: "online",
    epoch: 1,
    instance,
    user: { id: `user-${session}`, role: "operator" },
  });

  /** The number of the stream: the sum of both epochs when it began. */
  let stream: number | undefined;

  function signal(data: SignalData, { seq, times = 1 }: { seq?: number; times?: number } = {}): void {
    stream ??= service.state.epoch + 1;
    state.sent = Math.max(state.sent + (seq === undefined ? 1 : 0), seq ?? 0);
    const frame = { type: "signal", from: session, stream, seq: seq ?? state.sent, data } as const;
    for (let n = 0; n < times; n += 1) service.post(frame);
  }

  /** Takes what the robot signals, once and in order, and acknowledges it. */
  function take(connection: Connection, frame: { stream: number; seq: number; data: SignalData }): void {
    if (state.losesSignals > 0) {
      state.losesSignals -= 1;
      return;
    }
    if (frame.seq === state.taken + 1) {
      state.taken = frame.seq;
      signals.put(frame.data);
      queue = queue.then(() => negotiate(frame.data)).catch(() => {});
    }
    connection.say({ type: "ack", from: session, received: { stream: frame.stream, seq: state.taken } });
  }

  async function negotiate(data: SignalData): Promise<void> {
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
      const answer = await pc.createAnswer();
      await pc.setLocalDescription(answer);
      signal({ kind: "answer", sdp: answer.sdp ?? "" });
    }
  }

  async function gathered(): Promise<string> {
    await pc.setLocalDescription(await pc.createOffer());
    await new Promise<void>((resolve) => {
      const look = () => {
        if (pc.iceGatheringState === "complete") resolve();
      };
      pc.addEventListener("icegatheringstatechange", look);
      look();
    });
    // No more candidates are found by now, so that the engine does not write what is read.
    return pc.localDescription?.sdp ?? "";
  }

  return {
    session,
    told,
    signals,
    state,
    now,
    pc,
    peer,
    signal,
    gathered,
    /** Signals of the robot to this operator reach it from now on. */
    listen(connection: Connection, from = 0): void {
      if (over === connection) return;
      over = connection;
      let seen = from;
      const look = () => {
        for (const { frame } of connection.heard.all.slice(seen)) {
          seen += 1;
          if (frame?.type === "signal" && frame.to === session) take(connection, frame);
        }
      };
      const poll = (): void => {
        look();
        if (pc.connectionState !== "closed" && over === connection) clock.after(10, poll);
      };
      poll();
    },
    async opened(ms = 15_000): Promise<void> {
      const isOpen = () => control.readyState === "open" && events.readyState === "open";
      for (let waited = 0; !isOpen() && waited < ms; waited += 20) await new Promise<void>((resolve) => clock.after(20, resolve));
      if (!isOpen()) throw new Error("The data channels did not open.");
      // The robot's messages for a newcomer are on their way.
      await new Promise<void>((resolve) => clock.after(100, resolve));
    },
    onControl: (message: object | string) => say(control, message),
    onEvents: (message: object | string) => say(events, message),
    command(epoch: number, part: object = {}): void {
      state.seq += 1;
      const command = { epoch, seq: state.seq, sentAt: now(), command: { linear: 0.1, angular: 0 }, ...part };
      say(control, command);
    },
    permit: (epoch: number, part: Partial<ControlPermit> = {}): ControlPermit => ({
      robot: robot as ControlPermit["robot"],
      session,
      user: `user-${session}`,
      epoch,
      issuedAt: service.now(),
      expiresAt: service.now() + 300_000,
      deadmanMs: 500,
      maxAgeMs: 400,
      blindMs: null,
      stopMs: 1_000,
      maxLinear: null,
      maxAngular: null,
      ...part,
    }),
    /** The first message of a type from place `from` on. */
    async message<Type extends FromRobotMessage["type"]>(
      type: Type,
      options: { from?: number; ms?: number; where?: (one: never) => boolean } = {},
    ) {
      const { where = () => true } = options;
      const found = await told.until(`the message ${type}`, ({ message }) => message.type === type && where(message as never), options);
      return found.message as Extract<FromRobotMessage, { type: Type }>;
    },
    closeChannel: (channel: "control" | "events") => (channel === "control" ? control : events).close(),
    close: () => pc.close(),
    robotSession,
  };
}

export const withoutCandidates = (sdp: string): string => sdp.replaceAll(/^a=(candidate:.*|end-of-candidates)\r\n/gm, "");

function read(text: string): FromRobotMessage {
  try {
    return FromRobot.parse(JSON.parse(text));
  } catch {
    return { type: "wrong", text: text.slice(0, 200) };
  }
}

export type Operator = ReturnType<typeof createOperator>;
