import type { SignalData } from "@tether/protocol/frame/signal";
import type { SessionId } from "@tether/protocol/id";
import type { Peer } from "@tether/protocol/peer";
import type { Clock } from "../clock.ts";
import type { Joins } from "../control/channel.ts";
import type { Log } from "../log.ts";
import { platform } from "../platform.ts";
import type { PeerConnectionLike } from "../rtc/peer-connection.ts";
import type { Session } from "../session/session.ts";
import { negotiate } from "./negotiate.ts";

/** The options of a peer connection: a session that carries its signals, and what makes it. */
export type PeerConnectionOptions = {
  /** From `attach` or `serve`. */
  readonly session: Pick<Session, "send" | "freshIceServers" | "wake">;
  /** True at a client, which makes the first offer; false at a robot. */
  readonly polite: boolean;
  /** Makes the `RTCPeerConnection` for a peer, with its data channels and tracks. */
  readonly connect: (peer: Peer) => PeerConnectionLike;
  /** A client's `session.control` or a robot's guard: its channels come with every peer connection. */
  readonly control?: Joins;
  /** False where this end's WebRTC stack cannot restart ICE. Default: true. W8, W8.1 */
  readonly canRestart?: boolean;
  /** Default: the platform's. */
  readonly clock?: Clock;
  readonly log?: Log;
};

/** The peer connection with one peer. */
export interface PeerConnection {
  /** Takes a signal of the peer, in the order of its sending. */
  receive(data: SignalData): void;
  /** Makes an unanswered offer anew: it was on its way when this end's session ended, and will not arrive. */
  repeatOffer(): void;
  /** Answers whether an offer is of another peer connection than this one, which the peer then gave up. W6 */
  isReplacedBy(data: SignalData): boolean;
  /** Keeps the peer connection although the peer's session is over, until it fails, and then calls `over`. False where it is not connected. */
  keepWhileConnected(over: () => void): boolean;
  /** Answers whether the peer is the instance that was at the other end before its session lapsed, with nothing left to negotiate. */
  continuesWith(peer: Peer): boolean;
  /** Sends to another session of the same peer from now on. */
  readdress(peer: SessionId): void;
  /** Closes the peer connection. */
  close(): void;
}

/** Opens the peer connection with one peer. A client makes the offer. `replace` closes it and makes another, where the peer's session is there. */
export function openPeerConnection(options: PeerConnectionOptions, peer: Peer, replace?: (peer: SessionId) => boolean): PeerConnection {
  const { session, polite, connect, control, canRestart, clock = platform.clock, log } = options;
  let to = peer.session;
  const send = (data: SignalData) => {
    const refused = session.send(to, data);
    if (refused) log?.({ event: "peer.unsent", to, kind: data.kind, problem: refused.problem });
  };
  const pc = connect(peer);
  const leave = control?.join(to, pc);
  // The first offer has a place for each of the robot's tracks, so that the robot need not make an offer of its own. W1.3
  if (polite) for (const kind of peer.tracks ?? []) pc.addTransceiver?.(kind, { direction: "recvonly" });
  const negotiation = negotiate({
    pc,
    polite,
    send,
    clock,
    freshIceServers: session.freshIceServers,
    disconnected: session.wake,
    ...(canRestart !== undefined && { canRestart }),
    replace: () => replace?.(to) ?? false,
    ...(log && { log }),
  });
  let stop = () => {};

  function close(): void {
    stop();
    // Before the peer connection, whose end not every engine tells its channels.
    leave?.();
    negotiation.close();
  }

  return {
    receive: (data) => void negotiation.receive(data),
    repeatOffer: () => void negotiation.repeatOffer(),
    isReplacedBy: negotiation.isReplacedBy,
    keepWhileConnected(over) {
      if (pc.connectionState !== "connected") return false;
      const look = () => {
        if (pc.connectionState !== "failed" && pc.connectionState !== "closed") return;
        over();
        close();
      };
      pc.addEventListener("connectionstatechange", look);
      stop = () => pc.removeEventListener("connectionstatechange", look);
      return true;
    },
    continuesWith: ({ instance }) =>
      instance !== undefined && instance === peer.instance && pc.connectionState === "connected" && pc.signalingState === "stable",
    readdress(id) {
      stop();
      to = id;
    },
    close: close,
  };
}
