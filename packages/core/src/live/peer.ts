import type { FromBroker } from "@tether/protocol/frame";
import type { PeerEnded } from "@tether/protocol/frame/peer";
import type { Peer } from "@tether/protocol/peer";
import type { EndedSession } from "../store/ended-session.ts";
import type { Ending } from "../store/ending.ts";
import { withPossible } from "./ending.ts";
import type { Session } from "./session.ts";

/** A session as its peers see it, while online or away; an opening one is no peer yet. */
export function peerOf(session: Session): Peer | undefined {
  if (session.state !== "online" && session.state !== "away" && session.state !== "expired") return undefined;
  const { sessionId, kind, epoch, instance, tracks, principal } = session;
  return {
    session: sessionId,
    kind,
    state: session.state === "away" ? "away" : "online",
    epoch,
    instance,
    ...(tracks && { tracks: [...tracks] }),
    ...(session.state === "away" && { backBy: session.backBy }),
    ...(principal.type === "user" && {
      user: { id: principal.id, role: principal.role, ...(principal.name !== undefined && { name: principal.name }) },
    }),
  };
}

/** How others are told that a session went away or ended. */
export function partingOf(session: Session): FromBroker | undefined {
  if (session.state === "ended") return endOf(session);
  return session.state === "away" ? { type: "peer.away", ...said(session), backBy: session.backBy } : undefined;
}

export function endOf(ended: EndedSession): PeerEnded {
  return { type: "peer.ended", ...said(ended) };
}

function said({ sessionId, epoch, ending, kind }: EndedSession) {
  return { session: sessionId, epoch, ...wordsOf(ending, kind) };
}

function wordsOf(ending: Ending, kind: Session["kind"]) {
  const { cause, actor, inferred, evidence } = ending;
  return { cause, actor, inferred, ...withPossible(ending, kind), ...(evidence && { evidence }) };
}
