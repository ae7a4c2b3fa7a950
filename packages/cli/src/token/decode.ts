import { decodeJwt } from "jose";
import * as z from "zod/mini";

/** The claims of a token that are shown. Instants in seconds since the Unix epoch (RFC 7519 §2). */
const Claims = z.object({
  iss: z.optional(z.string()),
  sub: z.optional(z.string()),
  token_use: z.optional(z.string()),
  client_id: z.optional(z.string()),
  aud: z.optional(z.union([z.string(), z.array(z.string())])),
  iat: z.number(),
  exp: z.number(),
});
export type Claims = z.infer<typeof Claims>;

/** Reads a JWT's claims without checking its signature. Undefined for what is no token with iat and exp. */
export function decode(token: string): Claims | undefined {
  try {
    const parsed = Claims.safeParse(decodeJwt(token.trim().replace(/^Bearer\s+/i, "")));
    return parsed.success && Math.max(Math.abs(parsed.data.iat), Math.abs(parsed.data.exp)) < 8.64e12 ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
