import { buildAuthorizationUrl, calculatePKCECodeChallenge } from "openid-client";
import type { Context } from "../context.ts";
import type { Issuer } from "./issuer.ts";

/** An authorization request: its address, and what its answer must bring or prove. */
export type Request = { readonly url: string; readonly state: string; readonly nonce: string; readonly verifier: string };

/** OpenID Connect Core §3.1.2.1 with PKCE (RFC 7636). */
export async function makeRequest({ random }: Pick<Context, "random">, issuer: Issuer, redirectUri: string): Promise<Request> {
  const secret = () => Buffer.from(random.bytes(32)).toString("base64url");
  const [state, nonce, verifier] = [secret(), secret(), secret()];
  const url = buildAuthorizationUrl(issuer.configuration, {
    redirect_uri: redirectUri,
    ...scopeOf(issuer),
    state,
    nonce,
    code_challenge: await calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
  });
  return { url: url.href, state, nonce, verifier };
}

/** The request asks who the user is, and for a refresh token. */
export function scopeOf({ metadata }: Issuer): Record<string, string> {
  // Only where it is known: a user pool refuses a scope that it does not know, and gives refresh tokens without it.
  const offline = metadata.scopes_supported?.includes("offline_access") ?? false;
  return {
    scope: `openid email profile${offline ? " offline_access" : ""}`,
    // Without it that scope counts for nothing (OpenID Connect Core §11), and the sign-in would end with the browser's session.
    ...(offline && { prompt: "consent" }),
  };
}
