import { limits } from "@tether/protocol/limits";
import { type About, withEvidence } from "../../live/ending.ts";
import type { Session } from "../../live/session.ts";
import type { EndedSession } from "../../store/ended-session.ts";
import type { Ending } from "../../store/ending.ts";
import type { Store } from "../../store/index.ts";
import { shardOf } from "../../store/session.ts";

/** A connection that a transition took its session from, and what it is to be told. */
export type Closing = Ending & { readonly connectionId: string };

/** The item that stands until it is done. The sweeper looks at it once no handler can still be about it. */
export function toClosingItem(
  { shards }: Pick<Store, "shards">,
  closing: Closing,
  about: { sessionId: string; at: number; ended?: EndedSession | undefined },
) {
  const { sessionId, at, ended } = about;
  return { ...closing, sessionId, ended, dueAt: at + limits.gateway.integrationMs, shard: shardOf(sessionId, shards) };
}

/** A connection, where there is one, with what it is to be told. */
export function closingFor(session: Session, ending: Ending, about: About): readonly Closing[] {
  return about.connection ? [{ connectionId: about.connection.id, ...withEvidence(session, ending, about) }] : [];
}
