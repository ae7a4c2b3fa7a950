import type { Actor } from "@tether/protocol/actor";
import type { SignalData } from "@tether/protocol/frame/signal";
import type { SessionId } from "@tether/protocol/id";
import type { Peer } from "@tether/protocol/peer";
import type { ClientSession } from "@tether/sdk/client";
import { follow } from "@tether/sdk/peer/follow";
import type { RobotSession } from "@tether/sdk/robot";
import { type Wire, wire } from "./channel.ts";

/** The reports of a simulated end, as things happen. Codes and numbers, so that it can cross a process's border. */
export type Report =
  | { readonly event: "online"; readonly session: string; readonly epoch: number }
  | { readonly event: "stopped" }
  | { readonly event: "channel.opened" | "channel.closed"; readonly peer: string }
  | { readonly event: "channel.heard"; readonly peer: string; readonly data: string }
  | { readonly event: "signal.heard"; readonly peer: string; readonly n: number }
  | { readonly event: "peer.online"; readonly peer: string }
  | {
      readonly event: "peer.away" | "peer.ended";
      readonly peer: string;
      readonly cause?: string;
      readonly actor?: Actor;
      readonly inferred?: boolean;
    };

/** A robot or an operator that does nothing but talk: numbered signals over the broker, text over the data channel. */
export interface End {
  readonly session: RobotSession | ClientSession;
  /** Sends an application signal with this number to every peer. */
  signal(n: number): void;
  /** Sends text over every open channel; whether there was one. */
  say(data: string): boolean;
  /** Leaves for good. */
  leave(): Promise<void>;
}

export function createEnd(session: RobotSession | ClientSession, kind: "robot" | "client", report: (report: Report) => void): End {
  const wires = new Map<SessionId, Wire>();
  const close = follow({
    session,
    polite: kind === "client",
    connect(peer) {
      const made = wire(peer, watched, kind === "client");
      wires.set(peer.session, made);
      return made.pc;
    },
  });
  const watched = {
    opened: (peer: Peer) => report({ event: "channel.opened", peer: peer.session }),
    closed: (peer: Peer) => report({ event: "channel.closed", peer: peer.session }),
    heard: (peer: Peer, data: string) => report({ event: "channel.heard", peer: peer.session, data }),
  };
  session.on("state", ({ status }) => {
    if (status === "online") report({ event: "online", session: session.id ?? "", epoch: session.epoch ?? 0 });
    if (status === "stopped") report({ event: "stopped" });
  });
  session.on("peer.online", ({ peer }) => report({ event: "peer.online", peer: peer.session }));
  session.on("peer.away", ({ session: peer, cause, actor, inferred }) => report({ event: "peer.away", peer, cause, actor, inferred }));
  session.on("peer.ended", ({ session: peer, cause, actor, inferred }) => report({ event: "peer.ended", peer, cause, actor, inferred }));
  session.on("signal", ({ from, data }) => {
    if (data.kind === "app") report({ event: "signal.heard", peer: from, n: Number(data.body) });
  });
  return {
    session,
    signal(n) {
      const data: SignalData = { kind: "app", body: n };
      for (const peer of session.peers) session.send(peer.session, data);
    },
    say: (data) => [...wires.values()].map((one) => one.send(data)).some((sent) => sent),
    async leave() {
      await session.leave("the visit is over");
      close();
    },
  };
}
