import { createHash } from "node:crypto";
import type { Context } from "../context.ts";
import type { Issuer } from "./issuer.ts";

/** One authorization request: its address, and what its answer must bring or prove. */
export type Request = { readonly url: string; readonly state: string; readonly nonce: string; readonly verifier: string };

/** OpenID Connect Core §3.1.2.1 with PKCE (RFC 7636). */
export function makeRequest({ random }: Pick<Context, "random">, issuer: Issuer, redirectUri: string): Request {
  const secret = () => Buffer.from(random.bytes(32)).toString("base64url");
  const [state, nonce, verifier] = [secret(), secret(), secret()];
  // Only where it is known: a user pool refuses a scope that it does not know, and gives refresh tokens without it.
  const offline = issuer.scopes_supported?.includes("offline_access") ?? false;
  const url = new URL(issuer.authorization_endpoint);
  const wanted = {
    response_type: "code",
    client_id: issuer.clientId,
    redirect_uri: redirectUri,
    scope: `openid email profile${offline ? " offline_access" : ""}`,
    // Without it that scope counts for nothing (OpenID Connect Core §11), and the sign-in would end with the browser's session.
    ...(offline && { prompt: "consent" }),
    state,
    nonce,
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
  };
  for (const [name, value] of Object.entries(wanted)) url.searchParams.set(name, value);
  return { url: url.href, state, nonce, verifier };
}
