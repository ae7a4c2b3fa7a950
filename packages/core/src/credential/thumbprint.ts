import { createHash } from "node:crypto";
import type { PublicKey } from "@tether/protocol/http";
import type { KeyId } from "@tether/protocol/id";

/** RFC 7638: the SHA-256 of the key's required members in alphabetical order. */
export function thumbprint(key: PublicKey): KeyId {
  const { kty, crv, x } = key;
  const members = key.kty === "EC" ? { crv, kty, x, y: key.y } : { crv, kty, x };
  return createHash("sha256").update(JSON.stringify(members)).digest("base64url") as KeyId;
}
