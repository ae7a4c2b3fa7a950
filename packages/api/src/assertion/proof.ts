import type { Clock } from "@tether/core/clock";
import type { PublicKey } from "@tether/protocol/http";
import { limits } from "@tether/protocol/limits";
import { type Problem, problem } from "@tether/protocol/problem";
import { decomposeUnverifiedJwt } from "aws-jwt-verify/jwt";
import * as z from "zod/mini";
import { checkInstants, isSignedBy } from "./verify.ts";

const Header = z.object({
  alg: z.enum(["EdDSA", "ES256"]),
  // Without a type of its own a proof could be passed on as an assertion, or one as a proof (RFC 8725 §3.11).
  typ: z.literal("tether-proof+jwt"),
  crit: z.optional(z.never()),
});

const Payload = z.object({ aud: z.string(), sub: z.string(), iat: z.number(), exp: z.number() });

type Expected = { readonly audience: string; readonly subject: string; readonly clock: Clock };

/**
 * Why a JWS does not prove possession of the key for this request; undefined if it does. `subject` binds it to what it is
 * for: a code's hash, or a robot's id.
 */
export function verifyProof(jws: string, publicKey: PublicKey, { audience, subject, clock }: Expected): Problem | undefined {
  const payload = read(jws);
  if (!payload || payload.aud !== audience || payload.sub !== subject) return problem("proof.invalid");
  const [issuedAt, expiresAt] = [payload.iat * 1000, payload.exp * 1000];
  if (expiresAt <= issuedAt || expiresAt - issuedAt > limits.assertion.lifeMs) return problem("proof.invalid");
  if (!isSignedBy(publicKey, jws)) return problem("proof.invalid");
  return checkInstants({ issuedAt, notBefore: issuedAt, expiresAt }, clock.now());
}

function read(jws: string): z.infer<typeof Payload> | undefined {
  try {
    const { header, payload } = decomposeUnverifiedJwt(jws);
    return Header.safeParse(header).success ? Payload.safeParse(payload).data : undefined;
  } catch {
    return undefined;
  }
}
