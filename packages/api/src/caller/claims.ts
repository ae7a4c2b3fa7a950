import type { Caller as User } from "@tether/core/access";
import { foldAddress } from "@tether/protocol/http";
import { type Problem, problem } from "@tether/protocol/problem";
import { cutText, Text } from "@tether/protocol/text";
import * as z from "zod/mini";

/** Who calls, as their token says, and which kind of token it was. */
export type Caller = User & { readonly tokenUse: "id" | "access" };

/** How far ahead of our clock the issuer's may be. */
const aheadMs = 60_000;

/** Of a name so much is shown: it goes into every session, grant and entry of its user. */
const nameChars = 200;

/** What a token must say in any case; instants in seconds. */
const Claims = z.object({
  // As in a grant's `sub:…`.
  sub: z.string().check(z.regex(/^[\x21-\x7e]{1,128}$/)),
  // RFC 7519 lets a token be good for ever by leaving exp out; we do not.
  exp: z.number(),
  iat: z.number(),
  nbf: z.optional(z.number()),
  "cognito:groups": z._default(z.array(z.string()), []),
  // Of no use where it is not text: it is only shown, or looked up.
  email: z.catch(z.optional(Text), undefined),
  email_verified: z.optional(z.unknown()),
  name: z.catch(
    z.optional(
      z.pipe(
        z.string(),
        z.transform((name: string) => cutText(name, nameChars)),
      ),
    ),
    undefined,
  ),
});

/** Reads a payload whose signature, issuer and audience were checked, and judges its time by `now`, in ms. */
export function callerIn(payload: unknown, tokenUse: Caller["tokenUse"], now: number): Caller | Problem {
  const read = Claims.safeParse(payload);
  if (!read.success) return problem("auth.invalid");
  const { sub, exp, iat, nbf = iat, "cognito:groups": groups, email, email_verified: verified, name } = read.data;
  if (exp * 1000 <= now) return problem("auth.expired");
  if (Math.max(iat, nbf) * 1000 > now + aheadMs) return problem("auth.invalid");
  return {
    sub,
    groups,
    // Cognito lets people change their address at will; until they proved it, it is nobody's.
    ...(verified === true && email ? { email: foldAddress(email) } : {}),
    ...(name ? { name } : {}),
    issuedAt: iat * 1000,
    expiresAt: exp * 1000,
    tokenUse,
  };
}
