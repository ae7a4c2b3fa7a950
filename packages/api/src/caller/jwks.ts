import { createPublicKey, type JsonWebKey } from "node:crypto";
import type { Clock } from "@tether/core/clock";
import { FetchError, JwksValidationError, KidNotFoundInJwksError, WaitPeriodNotYetEndedJwkError } from "aws-jwt-verify/error";
import { isJwks, type Jwks, type PenaltyBox, SimpleJwksCache } from "aws-jwt-verify/jwk";

export type JwksEnv = { clock: Clock; fetch: typeof globalThis.fetch };

const waitMs = 10_000;

/** Fetches for so many keys nobody has, per wait; then further ones must wait. */
const attempts = 5;

const answerMs = 3_000;

/** The issuer's keys: fetched when first needed, and again when a token names one that is not among them. */
export function createJwksCache({ clock, fetch }: JwksEnv): SimpleJwksCache {
  return new SimpleJwksCache({
    penaltyBox: createPenaltyBox(clock),
    fetcher: { fetch: (uri) => fetched(fetch, uri) },
    jwksParser: parse,
  });
}

async function fetched(fetch: typeof globalThis.fetch, uri: string): Promise<ArrayBuffer> {
  try {
    // The time-out guards a socket, so it is the machine's; a redirect could lead to keys that are not the issuer's.
    const answer = await fetch(uri, { redirect: "error", signal: AbortSignal.timeout(answerMs) });
    if (answer.status !== 200) throw new Error(`status ${answer.status}`);
    return await answer.arrayBuffer();
  } catch (error) {
    throw new FetchError(uri, error instanceof Error ? error.message : "failed");
  }
}

/** A set with a key that cannot be one is broken as a whole: a token of that key must be told to try again. */
function parse(bytes: ArrayBuffer): Jwks {
  try {
    const jwks: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    if (isSet(jwks)) {
      for (const key of jwks.keys) if (["RSA", "EC", "OKP"].includes(key.kty)) createPublicKey({ key: key as JsonWebKey, format: "jwk" });
      return jwks;
    }
  } catch {
    // Said below, without what was read.
  }
  throw new JwksValidationError("The issuer's keys cannot be read.");
}

function isSet(value: unknown): value is Jwks {
  return isJwks(value as Parameters<typeof isJwks>[0]);
}

/**
 * Keeps made-up key ids from making us flood the issuer. The library's own box closes for everyone on one bad id and opens by a
 * timer of the machine; here a bad id is remembered by itself, so that a key that is really new is still looked for, and time is
 * the given clock's.
 */
function createPenaltyBox(clock: Clock): PenaltyBox {
  const unknown = new Map<string, number>();
  return {
    async wait(uri, kid) {
      const now = clock.now();
      for (const [missed, until] of unknown) if (until <= now) unknown.delete(missed);
      if (unknown.has(kid)) throw new KidNotFoundInJwksError("The issuer had no such key a moment ago.");
      if (unknown.size >= attempts) throw new WaitPeriodNotYetEndedJwkError(`Too many unknown keys for ${uri}.`);
    },
    registerFailedAttempt: (_uri, kid) => void unknown.set(kid, clock.now() + waitMs),
    registerSuccessfulAttempt: (_uri, kid) => void unknown.delete(kid),
  };
}
