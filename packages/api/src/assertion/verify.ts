import type { Clock } from "@tether/core/clock";
import { isOnCurve } from "@tether/core/credential";
import type { PublicKey } from "@tether/protocol/http";
import { limits } from "@tether/protocol/limits";
import { isProblem, type Problem, problem } from "@tether/protocol/problem";
import { JwtBaseError } from "aws-jwt-verify/error";
import { verifyJwtSync } from "aws-jwt-verify/jwt-verifier";
import { type Assertion, readAssertion } from "./read.ts";

/** The library checks the signature only: it would judge time by the machine's clock, and take an assertion without exp. */
const unjudged = { issuer: null, audience: null, graceSeconds: Number.MAX_SAFE_INTEGER } as const;

/** Why the assertion is not one of this key, for this service, now; undefined if it is. `audience` is this API's origin. */
export function verifyAssertion(jwt: string, publicKey: PublicKey, env: { audience: string; clock: Clock }): Problem | undefined {
  const assertion = readAssertion(jwt);
  if (isProblem(assertion)) return assertion;
  if (!isSignedBy(publicKey, jwt)) return problem("assertion.key");
  if (assertion.audience !== env.audience) return problem("assertion.audience"); // A2
  if (assertion.expiresAt - assertion.issuedAt > limits.assertion.lifeMs) return problem("assertion.lifetime");
  return checkInstants(assertion, env.clock.now());
}

const signatureBytes = 64;

/**
 * The key says which algorithm it is for, not the header: a public key must never serve as a shared secret. Only what the library says of the
 * JWT, and a key that is none, is a no: a robot that is told so stays down for good, so what fails in here is thrown on.
 */
export function isSignedBy(key: PublicKey, jwt: string, verify: typeof verifyJwtSync = verifyJwtSync): boolean {
  const alg = key.kty === "OKP" ? "EdDSA" : "ES256";
  const [, , signature = ""] = jwt.split(".");
  // Both kinds of signature have 64 bytes. Of another length Node throws as for a failure of its own.
  if (Buffer.from(signature, "base64url").length !== signatureBytes) return false;
  try {
    verify(jwt, { ...key, alg }, unjudged);
    return true;
  } catch (error) {
    if (error instanceof JwtBaseError || !isOnCurve(key)) return false;
    throw error;
  }
}

/**
 * An assertion is signed for each request, so one from the future or long past comes of a clock that is off. When it is behind,
 * that cannot be told from an assertion that was kept for long; `assertion.clock` is right for both, as its remedy (correct the
 * clock by `serverTime`, sign again) cures both. Only if it was signed within `skewMs` of now, by a clock that is therefore
 * fine, it is plainly `assertion.expired`. Until exp an assertion is good however old: links in the field can be slow.
 */
export function checkInstants(
  { issuedAt, notBefore, expiresAt }: Pick<Assertion, "issuedAt" | "notBefore" | "expiresAt">,
  now: number,
): Problem | undefined {
  if (Math.max(issuedAt, notBefore) - now > limits.assertion.skewMs) return problem("assertion.clock");
  if (expiresAt > now) return undefined;
  return problem(now - issuedAt > limits.assertion.skewMs ? "assertion.clock" : "assertion.expired");
}
