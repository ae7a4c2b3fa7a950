import type { Ending } from "@tether/core/session";
import type { Cause } from "@tether/protocol/cause";
import { limits } from "@tether/protocol/limits";

type Closed = { connectionAgeMs: number; code: number | undefined };

/** What the gateway's $disconnect says about why a connection closed. What it does not say is inferred, and said to be. */
export function endingOf({ connectionAgeMs, code }: Closed): Ending {
  const evidence = { connectionAgeMs, ...(code !== undefined && { closeCode: code }) };
  const because = (cause: Cause, inferred: boolean): Ending => ({ cause, actor: { type: "gateway" }, inferred, evidence });
  // The gateway closes at the cap and when idle with the same 1001 that a browser uses: only the age tells them apart.
  if (connectionAgeMs >= limits.gateway.connectionLifeMs - 60_000) return because("gateway.cap", true);
  // 1000 and 1001 are an end's own close; 1005 is a close without a code (RFC 6455 §7.4.1).
  if (code === 1000 || code === 1001 || code === 1005) return because("connection.closed", false);
  return because("connection.lost", code === undefined);
}
