import type { Asserted } from "@tether/core/ticket";
import { fieldsOf } from "@tether/protocol/field";
import { KeyId, RobotId } from "@tether/protocol/id";
import { limits } from "@tether/protocol/limits";
import { type Problem, problem } from "@tether/protocol/problem";
import { decomposeUnverifiedJwt } from "aws-jwt-verify/jwt";
import * as z from "zod/mini";

/** A robot's claims before the signature is checked. Instants in ms. */
export type Assertion = Asserted & { readonly issuedAt: number; readonly notBefore: number; readonly audience: string };

const Header = z.object({
  alg: z.enum(["EdDSA", "ES256"]),
  kid: KeyId,
  typ: z.optional(z.string().check(z.regex(/^JWT$/i))),
  // RFC 7515 §4.1.11: who does not understand what is critical must refuse, and we understand none of it.
  crit: z.optional(z.never()),
});

const Payload = z.object({
  iss: RobotId,
  sub: RobotId,
  // The assertion must name one service alone: another one named beside us could pass it on to us.
  aud: z.union([z.string(), z.tuple([z.string()])]),
  iat: z.number(),
  exp: z.number(),
  nbf: z.optional(z.number()),
  jti: z.string().check(z.regex(/^[\x21-\x7e]{1,128}$/)),
});

/** Reads an RFC 7523 assertion and checks its shape; `verifyAssertion` checks whether it is true. */
export function readAssertion(jwt: string): Assertion | Problem {
  if (Buffer.byteLength(jwt) > limits.assertion.bytes) return problem("assertion.invalid");
  const parts = decomposed(jwt);
  if (!parts) return problem("assertion.invalid");
  const [header, payload] = [Header.safeParse(parts.header), Payload.safeParse(parts.payload)];
  if (!header.success) return problem("assertion.invalid", fieldsOf(header.error.issues));
  if (!payload.success) return problem("assertion.invalid", fieldsOf(payload.error.issues));
  const { iss, sub, aud, iat, exp, nbf = iat, jti } = payload.data;
  if (iss !== sub) return problem("assertion.invalid", ["sub"]);
  if (exp <= iat) return problem("assertion.invalid", ["exp"]);
  const [audience] = [aud].flat();
  return {
    robotId: iss,
    kid: header.data.kid,
    jti,
    audience: audience ?? "",
    issuedAt: iat * 1000,
    notBefore: nbf * 1000,
    expiresAt: exp * 1000,
  };
}

/** The library's own decoding, so that what is read here is what it verifies. */
function decomposed(jwt: string): { header: unknown; payload: unknown } | undefined {
  try {
    return decomposeUnverifiedJwt(jwt);
  } catch {
    return undefined;
  }
}
