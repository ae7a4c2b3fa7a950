import { type Cause, causes } from "@tether/protocol/cause";
import { limits } from "@tether/protocol/limits";
import { possibleCauses } from "@tether/protocol/possible-causes";
import type { Evidence } from "@tether/protocol/timeline";
import type { Connection } from "../store/connection.ts";
import type { Ending } from "../store/ending.ts";
import type { Principal } from "../store/principal.ts";
import type { Session } from "./session.ts";

/** Cuts come with this much slack around the gateway's numbers. */
const slackMs = 60_000;

/** The gateway's close code and reason at its cap and for an idle connection. A browser gives no reason. */
const byGateway = { code: 1001, reason: "Going away" } as const;

/** 1000 and 1001 are an end's own close; 1005 is a close without a code (RFC 6455 §7.4.1). */
const byEnd: ReadonlySet<number | undefined> = new Set([1000, 1001, 1005]);

/**
 * Infers why the gateway no longer has a connection. It gives a close code and a reason, or nothing where it had to be asked. The gateway closes
 * at its cap and when idle with the same words: the age tells them apart. A connection that broke says nothing of what broke it.
 */
export function inferEnding(
  connection: Connection,
  known: { at: number; code?: number | undefined; reason?: string | null | undefined; found?: "asked" },
): Ending {
  const { at, code, reason, found } = known;
  const ageMs = at - connection.since;
  const evidence: Evidence = {
    connectionAgeMs: ageMs,
    ...(code !== undefined && { closeCode: code, lastSeenAt: at }),
    ...(found && { found }),
  };
  const because = (cause: Cause, inferred: boolean): Ending => ({ cause, actor: { type: "gateway" }, inferred, evidence });
  const isGateways = code === byGateway.code && reason === byGateway.reason;
  const isCap = ageMs >= limits.gateway.connectionLifeMs - slackMs;
  if (isCap && (isGateways || code === undefined)) return because("gateway.cap", true);
  if (isGateways) return because(ageMs >= limits.gateway.idleMs - slackMs ? "gateway.idle" : "gateway.closed", true);
  return byEnd.has(code) ? because("connection.closed", false) : because("connection.lost", true);
}

/** An end that sends keepalives was not silent by itself: where the gateway found it so, its keepalives did not arrive. */
export function attributeSilence(ending: Ending, { keepsAlive }: { readonly keepsAlive?: true | undefined }): Ending {
  return keepsAlive && ending.cause === "gateway.idle" ? { ...ending, cause: "connection.lost" } : ending;
}

export type About = { readonly at: number; readonly connection?: Connection | undefined; readonly principal?: Principal };

/**
 * An ending with what is known of its connection: how old it was, when it was last known to live, and by which key a robot had proved
 * itself. Evidence that the ending brings itself takes precedence.
 */
export function withEvidence(session: Session, ending: Ending, { at, connection, principal = session.principal }: About): Ending {
  const evidence: Evidence = {
    ...(connection && { connectionAgeMs: at - connection.since }),
    ...(session.state !== "opening" && { lastSeenAt: session.verifiedAt }),
    ...(principal.type === "robot" && { kid: principal.kid }),
    ...ending.evidence,
  };
  return { ...ending, evidence };
}

/** Why a session is away or ended, with what else it may be, what that means and the first thing to do. */
export function describeEnding(ending: Ending, kind: Session["kind"]): Ending & { possible?: Cause[]; says: string; remedy: string } {
  const { says, remedy } = causes[ending.cause];
  return { ...ending, ...withPossible(ending, kind), says, remedy };
}

/** The causes that fit, where the ending was inferred. */
export function withPossible(ending: Ending, kind: Session["kind"]): { possible?: Cause[] } {
  const possible = possibleCauses({ ...ending, kind });
  return possible.length > 0 ? { possible: [...possible] } : {};
}
