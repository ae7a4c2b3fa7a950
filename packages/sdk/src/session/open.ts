import { causes } from "@tether/protocol/cause";
import { type Hello, keepaliveFeature, protocolVersion } from "@tether/protocol/frame/hello";
import type { PeerEnded } from "@tether/protocol/frame/peer";
import type { Welcome } from "@tether/protocol/frame/welcome";
import type { IceServer } from "@tether/protocol/ice-server";
import { InstanceId, type SessionId } from "@tether/protocol/id";
import { base64url } from "../base64url.ts";
import type { Clock } from "../clock.ts";
import { connect } from "../connection/connection.ts";
import type { State } from "../connection/state.ts";
import type { Log } from "../log.ts";
import { hasSocket, type Platform } from "../platform.ts";
import { type Reason, reason } from "../reason.ts";
import { createSignalling } from "../signalling/signalling.ts";
import type { Ticketed, TicketSource } from "../ticket/source.ts";
import { type Broker, createBroker } from "./broker.ts";
import { createEmitter } from "./emitter.ts";
import type { Session, SessionEvents, Status } from "./session.ts";

const statuses: Readonly<Record<State["state"], Status>> = {
  idle: "idle",
  ticketing: "connecting",
  connecting: "connecting",
  greeting: "connecting",
  waiting: "waiting",
  online: "online",
  handingOver: "online",
  leaving: "leaving",
  stopped: "stopped",
};

/** A path that failed is not restarted later than this for want of fresh ICE servers, in ms. */
const freshMs = 5_000;

/** Without a WebSocket a ticket is of no use, and no other try can help. */
const noSocket: Ticketed = { refusal: { reason: reason("socket.missing"), retry: "never", afterMs: 0 } };

export type OpenEnv<Id extends SessionId> = {
  readonly platform: Platform & { readonly steady: Clock };
  readonly log: Log;
  readonly tickets: TicketSource;
  /** Narrows an id to this end's kind. */
  readonly idOf: (id: SessionId) => Id | undefined;
  readonly resume: Id | undefined;
  /** The instance that goes on; a new one without it. */
  readonly instance?: InstanceId | undefined;
  /** A robot's word of itself for hello. `isFirst`: no hello of this run was answered yet. */
  readonly hello?: (isFirst: boolean) => Pick<Hello, "before" | "tracks">;
  /** Features to ask the broker for with hello. */
  readonly features: readonly string[];
  /** The session to resume after a reload; none once it ended. */
  readonly save: (id: Id | undefined) => void;
};

/** Opens a session: connection and signalling put together. Events begin with the next microtask. `broker` is for what else speaks with it. */
export function openSession<Id extends SessionId>(env: OpenEnv<Id>): { readonly session: Session<Id>; readonly broker: Broker } {
  const { platform, log } = env;
  const { on, emit } = createEmitter<SessionEvents>();
  const instance = env.instance ?? makeInstance(platform);
  // The instance tells two machines apart that use one robot's key (K5).
  const tickets: TicketSource = (wanted, signal) =>
    hasSocket(platform) ? env.tickets({ ...wanted, instance }, signal) : Promise.resolve(noSocket);
  let current: { readonly id: Id; readonly epoch: number } | undefined;
  let iceServers: readonly IceServer[] = [];
  let deadlines: Welcome["deadlines"] | undefined;
  let aheadMs: number | undefined;

  const signalling = createSignalling({
    clock: platform.clock,
    transmit: (frame) => connection.send(frame),
    signal: (from, data) => emit("signal", { from, data }),
    online: (peer, restarted) => emit("peer.online", { peer, restarted }),
    away: (word) => emit("peer.away", word),
    ended: (session, frame) => emit("peer.ended", { session, ...(frame && detailsOf(frame)) }),
    unacknowledged: () => connection.doubt(),
    undelivered: ({ to, stream, seq, reason }) => emit("undelivered", { to, stream, seq, reason }),
    dropped: (to, data, why) => emit("dropped", { to, data, why }),
  });

  function updateDeadlines(part: Partial<Welcome["deadlines"]>): void {
    if (!deadlines) return;
    deadlines = { ...deadlines, ...part };
    emit("deadlines", deadlines);
  }

  const broker = createBroker(platform.steady, (frame) => connection.send(frame));
  const connection = connect({
    platform,
    log,
    tickets,
    session: env.resume,
    hello: () => ({
      type: "hello",
      protocol: protocolVersion,
      features: [keepaliveFeature, ...env.features],
      instance,
      received: signalling.hello(),
      ...env.hello?.(!current),
    }),
    changed(state, before) {
      if (state.state === "stopped") {
        signalling.end();
        if (isOver(state.why.code)) env.save(undefined);
      }
      if (statuses[before.state] === "online" && statuses[state.state] !== "online") broker.lost();
      if (state.state === "stopped" || state.state === "leaving") broker.over();
      const why = "why" in state ? { why: state.why } : {};
      if (statuses[state.state] !== statuses[before.state]) emit("state", { status: statuses[state.state], ...why });
    },
    answered(answer) {
      iceServers = answer.iceServers;
    },
    welcomed(welcome, arrival) {
      const id = env.idOf(welcome.session.id);
      if (!id) return log({ event: "welcome.foreign" });
      current = { id, epoch: welcome.session.epoch };
      iceServers = welcome.iceServers;
      deadlines = welcome.deadlines;
      aheadMs = welcome.serverTime - platform.steady.now();
      env.save(id);
      signalling.welcome(welcome, arrival === "reconnected");
      broker.welcomed(welcome);
      emit("deadlines", welcome.deadlines);
    },
    frame(frame) {
      if (frame.type === "problem") log({ event: "frame.problem", code: frame.code, id: frame.id });
      signalling.hear(frame);
      broker.hear(frame);
    },
    renewed: (authExpiresAt) => updateDeadlines({ authExpiresAt }),
    failed: signalling.failed,
  });

  queueMicrotask(connection.start);
  const session: Session<Id> = {
    on,
    send: signalling.send,
    leave(reason, why) {
      connection.leave(reason, why);
      if (connection.state().state === "stopped") return Promise.resolve();
      return new Promise((resolve) => {
        const off = on("state", ({ status }) => {
          if (status !== "stopped") return;
          off();
          resolve();
        });
      });
    },
    close: connection.release,
    wake: connection.wake,
    get status() {
      return statuses[connection.state().state];
    },
    get peers() {
      return signalling.peers();
    },
    get id() {
      return current?.id;
    },
    get epoch() {
      return current?.epoch;
    },
    get serverTime() {
      return aheadMs === undefined ? undefined : platform.steady.now() + aheadMs;
    },
    get iceServers() {
      return iceServers;
    },
    async freshIceServers() {
      const patience = new AbortController();
      let cancel = () => {};
      const late = new Promise<undefined>((resolve) => {
        cancel = platform.clock.after(freshMs, () => {
          patience.abort();
          resolve(undefined);
        });
      });
      const ticketed = await Promise.race([tickets({ use: "renew", session: current?.id }, patience.signal), late]);
      cancel();
      if (ticketed && "answer" in ticketed) iceServers = ticketed.answer.iceServers;
      return iceServers;
    },
  };
  return { session, broker };
}

function detailsOf({ cause, actor, inferred, evidence }: PeerEnded) {
  return { cause, actor, inferred, ...(evidence && { evidence }) };
}

/** Makes the id of a run. Two runs that use one robot's key are told apart by it (K5). */
export function makeInstance({ random }: Pick<Platform, "random">): InstanceId {
  return InstanceId.parse(base64url(random.bytes(12)));
}

/** Answers whether a reason ends the session itself. A release, a refusal or a take-over by another instance does not. */
function isOver(code: Reason["code"]): boolean {
  return code === "end.left" || (code !== "superseded" && Object.hasOwn(causes, code));
}
