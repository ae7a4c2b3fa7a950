import { createHash } from "node:crypto";
import { normalCode } from "@tether/protocol/enrollment-code";

/** A code's SHA-256 in base64url, which is all that is kept of it, and what its proof names. Undefined for what is no code. 140 random bits need no slower hash. N3.1 */
export function hashOf(code: string): string | undefined {
  const normal = normalCode(code);
  return normal && createHash("sha256").update(normal).digest("base64url");
}
