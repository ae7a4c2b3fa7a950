import type { SignalData } from "@tether/protocol/frame/signal";
import type { SessionId } from "@tether/protocol/id";
import type { Peer } from "@tether/protocol/peer";
import type { Joins } from "../control/channel.ts";
import type { Log } from "../log.ts";
import type { Session, SessionEvents } from "../session/session.ts";
import { type Bond, bind } from "./bond.ts";

export type FollowOptions = {
  readonly session: Pick<Session, "on" | "send" | "peers" | "id" | "freshIceServers" | "wake">;
  /** Of a client; a robot is not. */
  readonly polite: boolean;
  /** Makes the peer connection for a peer, with its data channels and tracks. */
  readonly connect: (peer: Peer) => RTCPeerConnection;
  /** A client's `session.control` or a robot's guard: its channels come with every peer connection. */
  readonly control?: Joins;
  readonly log?: Log;
};

/** An ending by which a robot's session is over and the robot may be there all the same: its signalling was away for too long. */
const lapsed: readonly SessionEvents["peer.ended"]["cause"][] = ["grace.over", undefined];

/**
 * Keeps one peer connection for each peer. It outlives any outage of the signalling (W5): it is closed when the peer started afresh or
 * made another one, and is then made anew, and when the peer's session ended. Calling what it returns closes all.
 */
export function follow(options: FollowOptions): () => void {
  const { session, polite } = options;
  const bonds = new Map<SessionId, Bond>();
  /** With robots whose sessions lapsed. They may be driven on, and go on as before when they are back. */
  const lingering = new Set<Bond>();
  let own = session.id;

  function part(id: SessionId): void {
    bonds.get(id)?.part();
    bonds.delete(id);
  }

  /** This end's own session is another one. To its robot a client is another client then; a robot's clients know it again. */
  function renew(): void {
    if (session.id === own) return;
    own = session.id;
    if (!polite) for (const bond of bonds.values()) bond.renew();
    else for (const id of [...bonds.keys()]) part(id);
    forget();
  }

  function forget(): void {
    for (const bond of lingering) bond.part();
    lingering.clear();
  }

  function meet(peer: Peer, reborn: boolean): void {
    renew();
    const id = peer.session;
    if (reborn) part(id);
    if (bonds.has(id)) return;
    const kept = [...lingering].find((bond) => bond.goesOnWith(peer));
    if (kept) lingering.delete(kept);
    forget();
    kept?.name(id);
    bonds.set(id, kept ?? bind(options, peer));
  }

  function end({ session: id, cause }: SessionEvents["peer.ended"]): void {
    const bond = bonds.get(id);
    if (polite && lapsed.includes(cause) && bond?.linger(() => lingering.delete(bond))) {
      bonds.delete(id);
      lingering.add(bond);
    } else part(id);
  }

  /** A signal may come before the word that its peer is online: it proves it. */
  function hear(from: SessionId, data: SignalData): void {
    const peer = session.peers.find((one) => one.session === from);
    if (peer) meet(peer, bonds.get(from)?.isVoidedBy(data) ?? false);
    bonds.get(from)?.receive(data);
  }

  const offs = [
    session.on("peer.online", ({ peer, reborn }) => meet(peer, reborn)),
    session.on("peer.ended", end),
    session.on("signal", ({ from, data }) => hear(from, data)),
    session.on("state", ({ status }) => status === "online" && meetAll()),
  ];

  function meetAll(): void {
    renew();
    for (const peer of session.peers) if (peer.state === "online") meet(peer, false);
  }

  meetAll();
  return () => {
    for (const off of offs) off();
    for (const id of [...bonds.keys()]) part(id);
    forget();
  };
}
