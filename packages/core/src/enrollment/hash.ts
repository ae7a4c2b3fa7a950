import { createHash } from "node:crypto";
import { normalCode } from "@tether/protocol/enrollment-code";

/** What is kept of a code, and what its proof names: SHA-256 in base64url. Undefined for what is no code. 140 random bits need no slower hash. */
export function hashOf(code: string): string | undefined {
  const normal = normalCode(code);
  return normal && createHash("sha256").update(normal).digest("base64url");
}
