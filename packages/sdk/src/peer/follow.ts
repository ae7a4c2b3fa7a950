import type { SignalData } from "@tether/protocol/frame/signal";
import type { SessionId } from "@tether/protocol/id";
import type { Peer } from "@tether/protocol/peer";
import { platform } from "../platform.ts";
import type { Session, SessionEvents } from "../session/session.ts";
import { createAdmission } from "./admission.ts";
import { openPeerConnection, type PeerConnection, type PeerConnectionOptions } from "./connection.ts";

/** The options of `follow`: the session whose peers it follows, and what makes a peer connection. */
export type FollowOptions = PeerConnectionOptions & {
  /** From `attach` or `serve`. */
  readonly session: Pick<Session, "on" | "send" | "peers" | "id" | "freshIceServers" | "wake">;
};

/** Endings after which the robot may be there all the same: its signalling was away for too long. */
const lapsed: readonly SessionEvents["peer.ended"]["cause"][] = ["grace.over", undefined];

/**
 * Keeps one peer connection for each peer. A peer connection outlives any outage of the signalling (W5): it is closed when the peer started afresh or
 * made another one, and is then made anew, and when the peer's session ended. Calling what it returns closes all.
 *
 * @example
 * const close = follow({ session, polite: true, connect: () => new RTCPeerConnection(), control: session.control });
 */
export function follow(options: FollowOptions): () => void {
  const { session, polite, clock = platform.clock } = options;
  const admission = createAdmission(clock);
  /** Ends of the waits of clients that were refused, and the timers of this client where its robot refused it. */
  const refusedUntil = new Map<SessionId, number>();
  const retries = new Map<SessionId, () => void>();
  const connections = new Map<SessionId, PeerConnection>();
  /** Peer connections with robots whose sessions lapsed. Such a robot may be driven on, and goes on as before when it is back. */
  const lapsedConnections = new Set<PeerConnection>();
  let own = session.id;

  function close(id: SessionId): void {
    retries.get(id)?.();
    retries.delete(id);
    connections.get(id)?.close();
    connections.delete(id);
  }

  /** Handles that this end has another session than before. A robot takes such a client for another one; clients recognize such a robot. */
  function renewOwnSession(): void {
    if (session.id === own) return;
    own = session.id;
    if (!polite) for (const connection of connections.values()) connection.repeatOffer();
    else for (const id of [...connections.keys()]) close(id);
    closeLapsed();
  }

  function closeLapsed(): void {
    for (const connection of lapsedConnections) connection.close();
    lapsedConnections.clear();
  }

  function connectTo(peer: Peer, restarted: boolean): void {
    renewOwnSession();
    const id = peer.session;
    if (restarted) close(id);
    if (connections.has(id) || retries.has(id) || isRefused(peer)) return;
    const kept = [...lapsedConnections].find((connection) => connection.continuesWith(peer));
    if (kept) lapsedConnections.delete(kept);
    closeLapsed();
    kept?.readdress(id);
    connections.set(id, kept ?? openPeerConnection(options, peer, replace));
  }

  /** Makes another peer connection in the place of one that cannot go on, unless the peer's session is over. W8.1 */
  function replace(id: SessionId): boolean {
    const peer = session.peers.find((one) => one.session === id);
    if (!peer || !connections.has(id)) return false;
    connectTo(peer, true);
    return true;
  }

  /** Only a robot refuses: whoever may attach could keep it busy with peer connections. W7 */
  function isRefused({ session: id, user }: Peer): boolean {
    if (polite) return false;
    if ((refusedUntil.get(id) ?? 0) > clock.now()) return true;
    const retryAfterMs = admission.take(user?.id ?? id);
    if (retryAfterMs === 0) refusedUntil.delete(id);
    else {
      refusedUntil.set(id, clock.now() + retryAfterMs);
      session.send(id, { kind: "refused", problem: "peer.too-many", retryAfterMs });
    }
    return retryAfterMs > 0;
  }

  /** The robot made no peer connection for what was offered: another is offered when it may. W7 */
  function retryAfter(id: SessionId, ms: number): void {
    close(id);
    retries.set(
      id,
      clock.after(ms, () => {
        retries.delete(id);
        const peer = session.peers.find((one) => one.session === id);
        if (peer) connectTo(peer, false);
      }),
    );
  }

  function endPeer({ session: id, cause }: SessionEvents["peer.ended"]): void {
    refusedUntil.delete(id);
    const connection = connections.get(id);
    if (polite && lapsed.includes(cause) && connection?.keepWhileConnected(() => lapsedConnections.delete(connection))) {
      connections.delete(id);
      lapsedConnections.add(connection);
    } else close(id);
  }

  /** A signal may come before `peer.online` of its peer, and proves that the peer is online. */
  function receive(from: SessionId, data: SignalData): void {
    const peer = session.peers.find((one) => one.session === from);
    if (data.kind === "refused") {
      if (polite && peer) retryAfter(from, data.retryAfterMs);
      return;
    }
    if (peer) connectTo(peer, connections.get(from)?.isReplacedBy(data) ?? false);
    connections.get(from)?.receive(data);
  }

  const offs = [
    session.on("peer.online", ({ peer, restarted }) => connectTo(peer, restarted)),
    session.on("peer.ended", endPeer),
    session.on("signal", ({ from, data }) => receive(from, data)),
    session.on("state", ({ status }) => status === "online" && connectToAll()),
  ];

  function connectToAll(): void {
    renewOwnSession();
    for (const peer of session.peers) if (peer.state === "online") connectTo(peer, false);
  }

  connectToAll();
  return () => {
    for (const off of offs) off();
    for (const id of [...connections.keys(), ...retries.keys()]) close(id);
    closeLapsed();
  };
}
