import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { SimpleJwksCache } from "aws-jwt-verify/jwk";
import { JwtVerifier } from "aws-jwt-verify/jwt-verifier";
import type { LogLine } from "../../src/gateway/log.ts";
import { createIdentity, type Identity, type IdentityOptions } from "../../src/identity/identity.ts";
import { password } from "../../src/identity/user.ts";
import { type Browser, createBrowser } from "./browser.ts";

export const redirectUri = "http://localhost:5173/signed-in";

const verifierSecret = "a-code-verifier-of-at-least-forty-three-characters";
const challenge = createHash("sha256").update(verifierSecret).digest("base64url");

export type Tokens = { access_token: string; id_token: string; refresh_token: string; expires_in: number; error?: string };

/** An identity under `/identity` of a server that answers "elsewhere" to all other paths. */
export async function start(options: Partial<IdentityOptions> = {}) {
  const lines: LogLine[] = [];
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const identity = await createIdentity({
    issuer: `${origin}/identity`,
    redirectUris: [redirectUri],
    log: (line) => lines.push(line),
    ...options,
  });
  server.on("request", (request, response) => {
    if (!identity.handle(request, response)) response.end("elsewhere");
  });
  const stop = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  };
  return { identity, origin, lines, ...clientOf(identity, origin, redirectUri), [Symbol.asyncDispose]: stop };
}

/** Signs in and renews as an application does that is called back at `redirectUri`. */
export function clientOf(identity: Pick<Identity, "issuer" | "clientId">, origin: string, redirectUri: string) {
  const endpoint = (name: string) => `${identity.issuer}/${name}`;

  function authorizeUrl(more: Record<string, string> = {}): string {
    const usual = {
      client_id: identity.clientId,
      response_type: "code",
      redirect_uri: redirectUri,
      scope: "openid email profile",
      state: "s",
    };
    return `${endpoint("auth")}?${new URLSearchParams({ ...usual, code_challenge: challenge, code_challenge_method: "S256", ...more })}`;
  }

  async function token(form: Record<string, string>): Promise<{ status: number; body: Tokens }> {
    const body = new URLSearchParams({ client_id: identity.clientId, ...form });
    const response = await fetch(endpoint("token"), { method: "POST", body });
    return { status: response.status, body: (await response.json()) as Tokens };
  }

  /** From the application's redirect to the one back, which carries the code. */
  async function signIn(email: string, browser: Browser = createBrowser()): Promise<URLSearchParams> {
    const begun = await browser.get(authorizeUrl());
    const page = new URL(begun.headers.get("location") ?? "", origin).href;
    const done = await browser.follow(await browser.post(page, { email, password }), origin);
    return new URL(done.headers.get("location") ?? "").searchParams;
  }

  async function redeem(code: string | null): Promise<{ status: number; body: Tokens }> {
    return token({ grant_type: "authorization_code", code: code ?? "", redirect_uri: redirectUri, code_verifier: verifierSecret });
  }

  async function tokensOf(email: string): Promise<Tokens> {
    return (await redeem((await signIn(email)).get("code"))).body;
  }

  const refresh = (refreshToken: string) => token({ grant_type: "refresh_token", refresh_token: refreshToken });
  return { endpoint, authorizeUrl, signIn, redeem, tokensOf, refresh };
}

/** Verifies by the issuer's keys, fetched over http from where verifiers look by themselves. */
export function createVerifier({ issuer }: Identity) {
  const jwksCache = new SimpleJwksCache({ fetcher: { fetch: async (uri) => (await fetch(uri)).arrayBuffer() } });
  return JwtVerifier.create({ issuer, audience: null }, { jwksCache });
}
