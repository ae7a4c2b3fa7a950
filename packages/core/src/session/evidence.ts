import type { Evidence } from "@tether/protocol/timeline";
import type { Closing } from "./closing.ts";
import type { Connection, Ending, Principal, Session } from "./session.ts";

type About = { readonly at: number; readonly connection?: Connection | undefined; readonly principal?: Principal };

/**
 * An ending with what is known of its connection: how old it was, when it was last known to live, and by which key a robot had proved
 * itself. What the ending says itself counts for more.
 */
export function supported(session: Session, ending: Ending, { at, connection, principal = session.principal }: About): Ending {
  const evidence: Evidence = {
    ...(connection && { connectionAgeMs: at - connection.since }),
    ...(session.state !== "opening" && { lastSeenAt: session.verifiedAt }),
    ...(principal.type === "robot" && { kid: principal.kid }),
    ...ending.evidence,
  };
  return { ...ending, evidence };
}

/** A connection, where there is one, with what it is to be told. */
export function closing(session: Session, ending: Ending, about: About): readonly Closing[] {
  return about.connection ? [{ connectionId: about.connection.id, ...supported(session, ending, about) }] : [];
}
