import { nameOf } from "@tether/aws/failure";
import type { Clock } from "@tether/core/clock";
import { type Problem, problem } from "@tether/protocol/problem";
import { CognitoJwtVerifier } from "aws-jwt-verify/cognito-verifier";
import {
  FetchError,
  JwksValidationError,
  JwkValidationError,
  JwtBaseError,
  JwtInvalidIssuerError,
  WaitPeriodNotYetEndedJwkError,
} from "aws-jwt-verify/error";
import { decomposeUnverifiedJwt } from "aws-jwt-verify/jwt";
import type { JwtPayload } from "aws-jwt-verify/jwt-model";
import { JwtVerifier } from "aws-jwt-verify/jwt-verifier";
import { type Audience, useOf } from "./audience.ts";
import { type Caller, type ClaimSettings, callerIn } from "./claims.ts";
import { createDiscovery } from "./discovery.ts";
import { createJwksCache, type JwksEnv } from "./jwks.ts";

export type VerifierSettings = Audience & {
  issuer: string;
  /** Where its discovery document says unless told; a Cognito pool's is where it is. */
  jwksUri?: string;
  claims?: ClaimSettings;
  /** For an issuer on this machine. */
  allowHttp?: boolean;
};

export interface Verifier {
  /** Takes ID and access tokens of the configured clients. `unavailable` when the issuer's keys cannot be had. */
  verify(token: string): Promise<Caller | Problem>;
}

/** Longer tokens do not fit through API Gateway's 10,240 bytes of headers. */
const tokenChars = 10_000;

/**
 * The library judges time by the machine's clock, and takes a token without exp. We do neither: it is told to be endlessly
 * patient and checks the rest; `callerIn` judges time, by the clock that everything else here goes by.
 */
const graceSeconds = Number.MAX_SAFE_INTEGER;

/** A setting that cannot work is an Error. `warn` is told, by an error's name, that the issuer's keys could not be had. */
export function createVerifier(
  settings: VerifierSettings,
  { clock, fetch = globalThis.fetch, warn }: { clock: Clock; fetch?: JwksEnv["fetch"]; warn?: (error: string) => void },
): Verifier {
  for (const url of [settings.issuer, settings.jwksUri ?? settings.issuer]) {
    if (new URL(url).protocol !== "https:" && !settings.allowHttp) throw new Error("The issuer and its keys must be at https addresses.");
  }
  const check = checkOf(settings, { clock, fetch });

  return {
    async verify(token) {
      if (token.length > tokenChars) return problem("auth.invalid");
      let payload: JwtPayload;
      try {
        payload = await check(token);
      } catch (error) {
        if (isOutage(error)) {
          warn?.(nameOf(error));
          return problem("unavailable");
        }
        if (error instanceof JwtBaseError) return problem("auth.invalid");
        // Neither the token's fault nor the issuer's: who is told that a token is invalid signs in again, in vain.
        throw error;
      }
      const use = useOf(payload, settings);
      return use ? callerIn(payload, use, clock.now(), settings.claims) : problem("auth.invalid");
    },
  };
}

/** Checks signature and issuer; throws an error of the library's. */
function checkOf({ issuer, clientIds, jwksUri, allowHttp }: VerifierSettings, env: JwksEnv): (token: string) => Promise<JwtPayload> {
  const jwksCache = createJwksCache(env);
  const userPoolId = poolOf(issuer);
  if (userPoolId !== undefined) {
    const pool = CognitoJwtVerifier.create({ userPoolId, tokenUse: null, clientId: [...clientIds], graceSeconds }, { jwksCache });
    return (token) => pool.verify(token);
  }
  const verifierAt = (uri: string) => JwtVerifier.create({ issuer, audience: null, graceSeconds, jwksUri: uri }, { jwksCache });
  const discover = jwksUri === undefined ? createDiscovery(env, { issuer, allowHttp }) : async () => jwksUri;
  let current: { readonly uri: string; readonly verifier: ReturnType<typeof verifierAt> } | undefined;
  return async (token) => {
    // Before anybody is asked: a token of another issuer must cause no request, and the library remembers a key per issuer.
    if (decomposeUnverifiedJwt(token).payload.iss !== issuer) throw new JwtInvalidIssuerError("A token of another issuer.", undefined);
    const uri = await discover();
    if (current?.uri !== uri) current = { uri, verifier: verifierAt(uri) };
    return current.verifier.verify(token);
  };
}

/** The id of the user pool, if the issuer is one; its tokens may carry either form of the issuer. */
function poolOf(issuer: string): string | undefined {
  return /^https:\/\/(?:issuer-)?cognito-idp\.([a-z0-9-]+)\.amazonaws\.com\/(\1_[A-Za-z0-9]+)$/.exec(issuer)?.[2];
}

/** Not the token's fault: the issuer's keys are out of reach, unreadable, or asked for too often. */
function isOutage(error: unknown): boolean {
  return [FetchError, JwksValidationError, JwkValidationError, WaitPeriodNotYetEndedJwkError].some((kind) => error instanceof kind);
}
