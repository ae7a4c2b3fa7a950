import type { SignalData } from "@tether/protocol/frame/signal";
import type { SessionId } from "@tether/protocol/id";
import type { Peer } from "@tether/protocol/peer";
import type { Session, SessionEvents } from "../session/session.ts";
import { openPeerConnection, type PeerConnection, type PeerConnectionOptions } from "./connection.ts";

export type FollowOptions = PeerConnectionOptions & {
  readonly session: Pick<Session, "on" | "send" | "peers" | "id" | "freshIceServers" | "wake">;
};

/** Endings after which the robot may be there all the same: its signalling was away for too long. */
const lapsed: readonly SessionEvents["peer.ended"]["cause"][] = ["grace.over", undefined];

/**
 * Keeps one peer connection for each peer. A peer connection outlives any outage of the signalling (W5): it is closed when the peer started afresh or
 * made another one, and is then made anew, and when the peer's session ended. Calling what it returns closes all.
 */
export function follow(options: FollowOptions): () => void {
  const { session, polite } = options;
  const connections = new Map<SessionId, PeerConnection>();
  /** Peer connections with robots whose sessions lapsed. Such a robot may be driven on, and goes on as before when it is back. */
  const lapsedConnections = new Set<PeerConnection>();
  let own = session.id;

  function close(id: SessionId): void {
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
    if (connections.has(id)) return;
    const kept = [...lapsedConnections].find((connection) => connection.continuesWith(peer));
    if (kept) lapsedConnections.delete(kept);
    closeLapsed();
    kept?.readdress(id);
    connections.set(id, kept ?? openPeerConnection(options, peer));
  }

  function endPeer({ session: id, cause }: SessionEvents["peer.ended"]): void {
    const connection = connections.get(id);
    if (polite && lapsed.includes(cause) && connection?.keepWhileConnected(() => lapsedConnections.delete(connection))) {
      connections.delete(id);
      lapsedConnections.add(connection);
    } else close(id);
  }

  /** A signal may come before `peer.online` of its peer, and proves that the peer is online. */
  function receive(from: SessionId, data: SignalData): void {
    const peer = session.peers.find((one) => one.session === from);
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
    for (const id of [...connections.keys()]) close(id);
    closeLapsed();
  };
}
