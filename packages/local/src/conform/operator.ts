import type { ControlPermit } from "@tether/protocol/control";
import type { SignalData } from "@tether/protocol/frame/signal";
import { type ClientSessionId, InstanceId } from "@tether/protocol/id";
import type { Peer } from "@tether/protocol/peer";
import type { Clock } from "../clock/clock.ts";
import type { Connection } from "./connection.ts";
import { createOperatorPeer } from "./operator-peer.ts";
import { robot } from "./server.ts";
import { session as robotSession, type Service } from "./service.ts";
import { createWatch } from "./watch.ts";

/** An operator with a real peer connection whose every word is a case's. */
export function createOperator({ clock, service }: { clock: Clock; service: Service }, session: ClientSessionId) {
  const signals = createWatch<SignalData>(clock);
  const body = () => ({ linear: 0.1, angular: 0 });
  const end = createOperatorPeer({ clock, session, body, answer: (data) => signal(data) });
  const { pc } = end;
  const instance = InstanceId.parse(`conform-${session.slice(-8)}`);
  const state = Object.assign(end.state, { sent: 0, taken: 0, losesSignals: 0 });
  let queue = Promise.resolve();
  let over: Connection | undefined;

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
      queue = queue.then(() => end.negotiate(frame.data)).catch(() => {});
    }
    connection.say({ type: "ack", from: session, received: { stream: frame.stream, seq: state.taken } });
  }

  return {
    ...end,
    signals,
    state,
    peer,
    signal,
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
    robotSession,
  };
}

export type Operator = ReturnType<typeof createOperator>;
