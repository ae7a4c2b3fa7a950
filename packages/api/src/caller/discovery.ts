import type { Clock } from "@tether/core/clock";
import { FetchError, JwksValidationError } from "aws-jwt-verify/error";
import * as z from "zod/mini";

export type DiscoveryEnv = { clock: Clock; fetch: typeof globalThis.fetch };

type Issuer = { readonly issuer: string; readonly allowHttp?: boolean | undefined };

/** The part of an issuer's metadata that is used (OpenID Connect Discovery 1.0 §3). */
const Metadata = z.object({ issuer: z.string(), jwks_uri: z.url() });

const answerMs = 3_000;

/** An issuer that moves its keys says so with its next answer. */
const goodForMs = 24 * 3_600_000;

/** How long a failure is taken for the answer, so that a herd of requests does not become one of questions. */
const failureMs = 1_000;

/**
 * Where an issuer says that its keys are. It is asked with the first token, once for all that arrive together, and again a day later; if
 * it cannot be asked then, its last answer stays good.
 */
export function createDiscovery({ clock, fetch }: DiscoveryEnv, settings: Issuer): () => Promise<string> {
  let known: string | undefined;
  let asking: Promise<string> | undefined;
  let askAgainAt = 0;

  async function ask(): Promise<string> {
    try {
      const found = await read(fetch, settings);
      askAgainAt = clock.now() + goodForMs;
      known = found;
      return found;
    } catch (error) {
      askAgainAt = clock.now() + failureMs;
      if (known !== undefined) return known;
      throw error;
    }
  }

  return () => {
    if (asking === undefined || clock.now() >= askAgainAt) {
      // Until there is an answer, whoever else asks waits for this one.
      askAgainAt = Number.POSITIVE_INFINITY;
      asking = ask();
    }
    return asking;
  };
}

async function read(fetch: typeof globalThis.fetch, { issuer, allowHttp }: Issuer): Promise<string> {
  const url = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
  let json: unknown;
  try {
    // The time-out guards a socket, so it is the machine's. A redirect could lead to metadata that are not the issuer's.
    const answer = await fetch(url, { redirect: "error", signal: AbortSignal.timeout(answerMs) });
    if (answer.status !== 200) throw new Error(`status ${answer.status}`);
    json = await answer.json();
  } catch (error) {
    throw new FetchError(url, error instanceof Error ? error.message : "failed");
  }
  const metadata = Metadata.safeParse(json);
  // §4.3: it must be the one that was asked, or another issuer's keys would be taken for its own.
  if (!metadata.success || metadata.data.issuer !== issuer) throw new JwksValidationError("The issuer's metadata cannot be read.");
  const { jwks_uri: jwksUri } = metadata.data;
  if (new URL(jwksUri).protocol !== "https:" && !allowHttp) throw new JwksValidationError("The issuer's keys are not at an https address.");
  return jwksUri;
}
