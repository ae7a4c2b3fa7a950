import wrtc from "@roamhq/wrtc";
import { type ControlPermit, OnControl, ToRobot } from "@tether/protocol/control";
import type { FromBroker } from "@tether/protocol/frame";
import type { SignalData } from "@tether/protocol/frame/signal";
import { InstanceId, RobotSessionId } from "@tether/protocol/id";
import type { Peer } from "@tether/protocol/peer";
import type * as z from "zod/mini";
import type { Clock } from "../../clock/clock.ts";
import { createWatch } from "../watch.ts";

type Message = z.infer<typeof OnControl> | z.infer<typeof ToRobot> | { readonly type: "wrong"; readonly text: string };
export type Received = { readonly at: number; readonly link: number; readonly channel: "control" | "events"; readonly message: Message };
export type Command = Extract<Message, { seq: number; sentAt: number }>;

/** A peer connection that the client made. */
type Link = {
  readonly n: number;
  readonly pc: RTCPeerConnection;
  readonly fingerprint: string | undefined;
  readonly channels: Map<string, RTCDataChannel>;
  isClosed: boolean;
  /** The client's offer was applied: its candidates may be. */
  isDescribed: boolean;
};

export const robotSession = RobotSessionId.parse("rse_01J00000000000000000000000");
const fingerprintOf = (sdp: string) => /^a=fingerprint:(.+)$/m.exec(sdp)?.[1];

/** Commands are the messages without a type. */
export const commandIn = ({ message }: Received): Command | undefined => ("type" in message ? undefined : message);

type Env = { readonly clock: Clock; readonly post: (frame: FromBroker) => void; readonly clientEpoch: () => number };

/** The robot that a client on trial drives: a real peer connection whose every word is a case's. It moves nothing. */
export function createStandIn({ clock, post, clientEpoch }: Env) {
  const received = createWatch<Received>(clock);
  const signals = createWatch<{ readonly stream: number; readonly seq: number; readonly data: SignalData }>(clock);
  const links: Link[] = [];
  const state = {
    epoch: 1,
    runs: 1,
    answersPing: true,
    takesPermits: true,
    carriesStops: true,
    seq: 0,
    stops: 0,
    inForce: false,
    loses: 0,
    /** Before its next answer the robot sends one to another offer. */
    misleads: false,
    stream: 0,
    taken: 0,
  };
  let sent = { stream: 0, seq: 0 };
  const held: SignalData[] = [];
  const answers: string[] = [];
  const presses = new Set<string>();
  let queue = Promise.resolve();
  const now = () => clock.now() + 777_000;

  const peer = (): Peer => ({
    session: robotSession,
    kind: "robot",
    state: "online",
    epoch: state.epoch,
    instance: InstanceId.parse(`conform-robot-${state.runs}`),
    tracks: ["video"],
  });

  function signal(data: SignalData, { seq, times = 1 }: { seq?: number; times?: number } = {}): number {
    const stream = state.epoch + clientEpoch();
    // A stream goes on over reconnects of either end, until the robot is another run.
    if (sent.stream === 0) sent = { stream, seq: 0 };
    const place = seq ?? sent.seq + 1;
    sent = { ...sent, seq: Math.max(sent.seq, place) };
    for (let n = 0; n < times; n += 1) post({ type: "signal", from: robotSession, stream: sent.stream, seq: place, data });
    return place;
  }

  /** Takes what the client signals, once and in order, and acknowledges it. */
  function take({ stream, seq, data }: { stream: number; seq: number; data: SignalData }): void {
    signals.put({ stream, seq, data });
    if (state.loses > 0) {
      state.loses -= 1;
      return;
    }
    if (stream > state.stream) Object.assign(state, { stream, taken: 0 });
    if (stream === state.stream && seq === state.taken + 1) {
      state.taken = seq;
      queue = queue.then(() => negotiate(data)).catch(() => {});
    }
    post({ type: "ack", from: robotSession, received: { stream: state.stream, seq: state.taken } });
  }

  async function negotiate(data: SignalData): Promise<void> {
    if (data.kind === "candidate" || data.kind === "candidates") {
      const { pc, isDescribed } = links.at(-1) ?? {};
      if (!pc || !isDescribed) return void held.push(data);
      for (const { candidate, sdpMid, sdpMLineIndex } of data.kind === "candidate" ? [data] : data.candidates)
        if (candidate !== "") await pc.addIceCandidate({ candidate, sdpMid, sdpMLineIndex });
      return;
    }
    if (data.kind !== "offer") return;
    const fingerprint = fingerprintOf(data.sdp);
    const last = links.at(-1);
    const link = last && !last.isClosed && last.fingerprint === fingerprint ? last : createLink(fingerprint);
    await link.pc.setRemoteDescription({ type: "offer", sdp: data.sdp });
    link.isDescribed = true;
    for (const one of held.splice(0)) await negotiate(one);
    const answer = await link.pc.createAnswer();
    if (state.misleads) signal({ kind: "answer", sdp: answers.at(-1) ?? "", offer: "another" });
    state.misleads = false;
    answers.push(answer.sdp ?? "");
    // Before its candidates are searched for, which are signalled as they are found.
    signal({ kind: "answer", sdp: answer.sdp ?? "" });
    await link.pc.setLocalDescription(answer);
  }

  function createLink(fingerprint: string | undefined): Link {
    const pc: RTCPeerConnection = new wrtc.RTCPeerConnection();
    const link: Link = { n: links.length, pc, fingerprint, channels: new Map(), isClosed: false, isDescribed: false };
    links.push(link);
    pc.onicecandidate = ({ candidate: found }) => {
      if (!found) return;
      const { candidate, sdpMid, sdpMLineIndex } = found;
      signal({ kind: "candidate", candidate, sdpMid, sdpMLineIndex });
    };
    pc.ondatachannel = ({ channel }) => {
      const name = channel.label.replace("tether.", "");
      link.channels.set(name, channel);
      channel.onmessage = ({ data }) => hear(link, name === "control" ? "control" : "events", String(data));
      channel.onclose = () => {
        link.isClosed = true;
      };
    };
    return link;
  }

  function hear(link: Link, channel: "control" | "events", text: string): void {
    const message = read(channel, text);
    received.put({ at: clock.now(), link: link.n, channel, message });
    if (!("type" in message)) return;
    if (message.type === "ping" && state.answersPing) say("control", { type: "pong", t0: message.t0, at: now() });
    if (message.type === "permit" && state.takesPermits) accept(claimsOf(message.permit).epoch);
    if (message.type === "resume" && state.inForce && message.stop === state.stops) {
      state.inForce = false;
      say("events", { type: "resumed", stop: message.stop });
      say("events", { type: "accepted", epoch: message.epoch, seq: message.seq });
    }
    if (message.type === "stop" && state.carriesStops && !presses.has(String(message.key))) {
      presses.add(String(message.key));
      stopped();
    }
  }

  function accept(epoch: number): void {
    say("events", { type: "accepted", epoch, seq: state.seq, ...(state.inForce && { stop: state.stops }) });
    for (let n = 0; n < 5; n += 1) clock.after(n * 100, () => say("events", { type: "clock", t0: now() }));
  }

  /** A stop by order: nothing is obeyed until the holder resumes from it. */
  function stopped(): number {
    Object.assign(state, { stops: state.stops + 1, inForce: true });
    say("events", { type: "stopped", reason: "stop", latencyMs: 1, stop: state.stops });
    return state.stops;
  }

  function say(channel: "control" | "events", message: object): void {
    const open = links.at(-1)?.channels.get(channel);
    if (open?.readyState === "open") open.send(JSON.stringify(message));
  }

  return {
    received,
    signals,
    links,
    state,
    now,
    peer,
    signal,
    take,
    say,
    stopped,
    isOpen: () => ["control", "events"].every((name) => links.at(-1)?.channels.get(name)?.readyState === "open"),
    commandsFrom: (from: number): { readonly at: number; readonly command: Command }[] =>
      received.all.slice(from).flatMap((one) => {
        const command = commandIn(one);
        return command ? [{ at: one.at, command }] : [];
      }),
    /** The robot answers nothing any more on its peer connection, as if every path to it had broken. */
    fallSilent(): void {
      links.at(-1)?.pc.close();
    },
    /** Another run of the robot: it remembers nothing of the one before. */
    restart(): void {
      for (const { pc } of links) pc.close();
      Object.assign(state, { epoch: state.epoch + 1, runs: state.runs + 1, stream: 0, taken: 0, stops: 0, inForce: false, seq: 0 });
      sent = { stream: 0, seq: 0 };
    },
    close: () => {
      for (const { pc } of links) pc.close();
    },
  };
}

export type StandIn = ReturnType<typeof createStandIn>;

export const claimsOf = (permit: string) => JSON.parse(Buffer.from(permit.split(".")[1] ?? "", "base64url").toString()) as ControlPermit;

function read(channel: "control" | "events", text: string): Message {
  try {
    return (channel === "control" ? OnControl : ToRobot).parse(JSON.parse(text));
  } catch {
    return { type: "wrong", text: text.slice(0, 200) };
  }
}
