import * as z from "zod/mini";
import type { Context } from "../context.ts";
import { isTrouble, type Trouble } from "../exit.ts";
import { ask, invalidAnswer } from "../http/ask.ts";
import { decode } from "../token/decode.ts";
import type { Issuer } from "./issuer.ts";

/** `expiresAt`: the ID token's, in ms since the Unix epoch. `aheadMs`: how far the issuer's clock was ahead of this machine's. */
export type Tokens = { readonly idToken: string; readonly refreshToken?: string; readonly expiresAt: number; readonly aheadMs: number };

const Granted = z.object({ id_token: z.string(), refresh_token: z.optional(z.string()) });
const Refused = z.object({ error: z.string().check(z.regex(/^[a-z_]{1,40}$/)) });

type Env = Pick<Context, "fetch" | "clock">;

/** Redeems a code. The nonce binds the ID token to the request that was made here. */
export async function redeem(
  env: Env,
  issuer: Issuer,
  { code, verifier, nonce, redirectUri }: { code: string; verifier: string; nonce: string; redirectUri: string },
): Promise<Tokens | Trouble> {
  const form = { grant_type: "authorization_code", code, redirect_uri: redirectUri, code_verifier: verifier };
  return grant(env, issuer, form, (claims) => claims.nonce === nonce);
}

/** Exchanges a refresh token. Most issuers give the next one with it, and take none twice. */
export async function refresh(env: Env, issuer: Issuer, refreshToken: string): Promise<Tokens | Trouble> {
  const tokens = await grant(env, issuer, { grant_type: "refresh_token", refresh_token: refreshToken }, () => true);
  return isTrouble(tokens) ? tokens : { refreshToken, ...tokens };
}

/** Ends a refresh token where the issuer can (RFC 7009). */
export async function revoke(env: Env, issuer: Issuer, refreshToken: string): Promise<"revoked" | "kept"> {
  if (issuer.revocation_endpoint === undefined) return "kept";
  const body = new URLSearchParams({ token: refreshToken, token_type_hint: "refresh_token", client_id: issuer.clientId });
  const answer = await ask(env, issuer.revocation_endpoint, { method: "POST", body });
  return !isTrouble(answer) && answer.status === 200 ? "revoked" : "kept";
}

async function grant(
  env: Env,
  { token_endpoint, issuer, clientId }: Issuer,
  form: Record<string, string>,
  fits: (claims: { nonce?: string | undefined }) => boolean,
): Promise<Tokens | Trouble> {
  const answer = await ask(env, token_endpoint, { method: "POST", body: new URLSearchParams({ client_id: clientId, ...form }) });
  if (isTrouble(answer)) return answer;
  const refusal = Refused.safeParse(answer.json);
  if (answer.status !== 200) return refusal.success ? over(refusal.data.error) : invalidAnswer(token_endpoint);
  const granted = Granted.safeParse(answer.json);
  if (!granted.success) return invalidAnswer(token_endpoint);
  const { id_token: idToken, refresh_token: refreshToken } = granted.data;
  // It came straight from the issuer, over TLS or within this machine: that stands in for its signature (OIDC Core §3.1.3.7).
  const claims = decode(idToken);
  if (!claims || claims.iss !== issuer || ![claims.aud].flat().includes(clientId) || !fits(claims)) return invalidAnswer(token_endpoint);
  return {
    idToken,
    ...(refreshToken !== undefined && { refreshToken }),
    expiresAt: claims.exp * 1000,
    aheadMs: claims.iat * 1000 - env.clock.now(),
  };
}

function over(error: string): Trouble {
  if (error !== "invalid_grant") {
    const remedy = "Run tether sign-in again; if it stays, tell whoever runs the service.";
    return { exit: "refused", code: "sign-in.refused", says: `The issuer refused: ${error}.`, remedy };
  }
  return { exit: "unsigned", code: "sign-in.over", says: "The sign-in is over.", remedy: "Run: tether sign-in" };
}
