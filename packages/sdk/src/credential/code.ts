import { normalCode } from "@tether/protocol/enrollment-code";
import { base64url } from "../base64url.ts";

/** A one-time code's SHA-256 in base64url, which its proof names; undefined for what is no code. N1, N3 */
export async function hashOfCode(code: string): Promise<string | undefined> {
  const normal = normalCode(code);
  if (normal === undefined) return undefined;
  return base64url(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(normal))));
}
