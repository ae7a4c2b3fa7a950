import type { Cause } from "@tether/protocol/cause";
import { limits } from "@tether/protocol/limits";
import type { Evidence } from "@tether/protocol/timeline";
import type { Connection, Ending } from "./session.ts";

/** Cuts come with this much slack around the gateway's numbers. */
const slackMs = 60_000;

/**
 * Why the gateway no longer has a connection, where all it says is a close code, or nothing. It closes at its cap and
 * when idle with the same 1001 that a browser uses: the age tells the cap apart, `idleMs` (where known) the idling.
 */
export function endingOf(
  connection: Connection,
  known: { at: number; code?: number | undefined; idleMs?: number | undefined; found?: "asked" },
): Ending {
  const { at, code, idleMs, found } = known;
  const ageMs = at - connection.since;
  const evidence: Evidence = {
    connectionAgeMs: ageMs,
    ...(code !== undefined && { closeCode: code }),
    ...(idleMs !== undefined && { idleMs }),
    ...(found && { found }),
  };
  const because = (cause: Cause, inferred: boolean): Ending => ({ cause, actor: { type: "gateway" }, inferred, evidence });
  if (ageMs >= limits.gateway.connectionLifeMs - slackMs) return because("gateway.cap", true);
  if (idleMs !== undefined && idleMs >= limits.gateway.idleMs - slackMs) return because("gateway.idle", true);
  // 1000 and 1001 are an end's own close; 1005 is a close without a code (RFC 6455 §7.4.1).
  if (code === 1000 || code === 1001 || code === 1005) return because("connection.closed", false);
  return because("connection.lost", code === undefined);
}
