import {
  AuthorizationResponseError,
  authorizationCodeGrant,
  type IDToken,
  ResponseBodyError,
  refreshTokenGrant,
  type TokenEndpointResponse,
  type TokenEndpointResponseHelpers,
  tokenRevocation,
} from "openid-client";
import type { Context } from "../context.ts";
import { isTrouble, type Trouble } from "../exit.ts";
import { invalidAnswer } from "../http/ask.ts";
import type { Issuer } from "./issuer.ts";
import type { Request } from "./request.ts";
import { unansweredIn } from "./unanswered.ts";

/** `expiresAt`: the ID token's, in ms since the Unix epoch. `aheadMs`: how far the issuer's clock was ahead of this machine's. */
export type Tokens = { readonly idToken: string; readonly refreshToken?: string; readonly expiresAt: number; readonly aheadMs: number };

type Env = Pick<Context, "clock">;
type Granted = TokenEndpointResponse & TokenEndpointResponseHelpers;

/** A token that came just now was issued just now. The issuer's servers may differ by this much. */
const issuedWithinMs = 5 * 60_000;

/** Redeems the code of a redirect. State, nonce and verifier bind code and ID token to the request that was made here. */
export function redeem(env: Env, issuer: Issuer, redirect: URL, { verifier, state, nonce }: Request): Promise<Tokens | Trouble> {
  return granted(env, issuer, () =>
    authorizationCodeGrant(issuer.configuration, redirect, { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce }),
  );
}

/** Exchanges a refresh token. Most issuers give the next one with it, and take none twice. */
export async function refresh(env: Env, issuer: Issuer, refreshToken: string): Promise<Tokens | Trouble> {
  const tokens = await granted(env, issuer, () => refreshTokenGrant(issuer.configuration, refreshToken));
  return isTrouble(tokens) ? tokens : { refreshToken, ...tokens };
}

/** Ends a refresh token where the issuer can (RFC 7009). */
export async function revoke({ configuration }: Issuer, refreshToken: string): Promise<"revoked" | "kept"> {
  try {
    await tokenRevocation(configuration, refreshToken, { token_type_hint: "refresh_token" });
    return "revoked";
  } catch {
    return "kept";
  }
}

/**
 * The tokens that a request at the token endpoint brought. They came straight from the issuer, over TLS or within this machine: that stands in
 * for the ID token's signature (OIDC Core §3.1.3.7). The library checks `iss`, `aud`, `azp` and the nonce.
 */
export async function granted(env: Env, issuer: Issuer, ask: () => Promise<Granted>): Promise<Tokens | Trouble> {
  const invalid = invalidAnswer(issuer.metadata.token_endpoint ?? issuer.metadata.issuer);
  try {
    const answer = await ask();
    const claims = answer.claims();
    if (answer.id_token === undefined || !claims || !isOfNow(claims, issuer.answeredAt())) return invalid;
    return {
      idToken: answer.id_token,
      ...(answer.refresh_token !== undefined && { refreshToken: answer.refresh_token }),
      expiresAt: claims.exp * 1000,
      aheadMs: claims.iat * 1000 - env.clock.now(),
    };
  } catch (error) {
    if (error instanceof AuthorizationResponseError) return refused(error.error);
    return error instanceof ResponseBodyError ? over(error.error) : (unansweredIn(error) ?? invalid);
  }
}

/** Whether a token that was just given was issued just now and lasts, by the issuer's own clock. */
function isOfNow({ iat, exp }: IDToken, answeredAt: number | undefined): boolean {
  if (answeredAt === undefined) return exp > iat;
  return Math.abs(iat * 1000 - answeredAt) <= issuedWithinMs && exp * 1000 > answeredAt;
}

function over(error: string): Trouble {
  if (error === "expired_token")
    return {
      exit: "failed",
      code: "sign-in.lapsed",
      says: "Nobody signed in while the code was good.",
      remedy: "Run tether sign-in again.",
    };
  return error === "invalid_grant"
    ? { exit: "unsigned", code: "sign-in.over", says: "The sign-in is over.", remedy: "Run: tether sign-in" }
    : refused(error);
}

function refused(error: string): Trouble {
  // An error code is shown only where it is one: the redirect's is the word of whoever made the request.
  const code = /^[a-z_]{1,40}$/.test(error) ? error : "an answer without a code";
  const remedy = "Run tether sign-in again; if it stays, tell whoever runs the service.";
  return { exit: "refused", code: "sign-in.refused", says: `The issuer refused: ${code}.`, remedy };
}
