import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock } from "../clock/clock.ts";
import { realClock } from "../clock/real.ts";
import type { Log } from "../gateway/log.ts";
import { audience, clientId } from "./claims.ts";
import { type Keep, loadKeys, rotated } from "./keys.ts";
import { createMemory } from "./memory.ts";
import { type Minted, type MintOptions, mint } from "./mint.ts";
import { css, headers, issuerPage, refusedPage } from "./page.ts";
import { createProvider } from "./provider.ts";
import { signIn } from "./sign-in.ts";
import { type User, userByEmail, users } from "./user.ts";

export type IdentityOptions = {
  /** Where browsers reach it; its path is the prefix that is answered. */
  issuer: string;
  /** Dates the access tokens. The machine's own unless told. */
  clock?: Pick<Clock, "now">;
  /** Where the keys outlive the process; without it tokens are void after a restart. */
  keep?: Keep;
  /** Of browser applications. */
  redirectUris: readonly string[];
  /** Of a program on the user's own machine. */
  nativeRedirectUri?: string;
  log: Log;
};

/** An OIDC provider that stands in for a Cognito user pool, as an http server's guest. */
export interface Identity {
  /** For the server's "request". False when the path is not the issuer's; the request is then untouched. */
  handle(request: IncomingMessage, response: ServerResponse): boolean;
  readonly issuer: string;
  readonly clientId: string;
  /** The access tokens' `aud`. */
  readonly audience: string;
  readonly jwksUri: string;
  readonly users: readonly User[];
  /** Mints what a sign-in of a seeded user would give. An unknown address is an Error. */
  tokensFor(email: string, options?: MintOptions): Promise<Minted>;
  /** Ends all sign-ins of a user: no refresh token buys another, and the browser has to sign in anew. */
  endSignIns(sub: string): void;
  /** A new key signs from now on; tokens of the two keys before it stay good. */
  rotateKeys(): Promise<void>;
}

export async function createIdentity(options: IdentityOptions): Promise<Identity> {
  const { issuer, clock = realClock, keep, redirectUris, nativeRedirectUri, log } = options;
  const prefix = new URL(issuer).pathname.replace(/\/$/, "");
  const origins = [...new Set(redirectUris.map((uri) => new URL(uri).origin))];
  // A form may lead wherever its redirects do; a program on this machine listens on any port.
  const targets = [...origins, ...(nativeRedirectUri === undefined ? [] : [`http://${new URL(nativeRedirectUri).hostname}:*`])];
  const memory = createMemory();
  const env = { issuer, prefix, clock, memory: memory.adapter, redirectUris, nativeRedirectUri, origins, log };
  let keySet = await loadKeys(keep);
  let provider = createProvider(env, keySet);
  let answer = provider.callback();
  let serial = 0;

  async function page(uid: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await signIn({ provider, prefix, targets }, uid, request, response);
    } catch (error) {
      log({ level: "error", event: "identity.failed", name: error instanceof Error ? error.name : "unknown" });
      if (!response.headersSent) response.writeHead(500, headers()).end(refusedPage(prefix, "Something broke on our side."));
    }
  }

  function handle(request: IncomingMessage, response: ServerResponse): boolean {
    const url = request.url ?? "/";
    const path = url.split("?", 1)[0] ?? "";
    if (path !== prefix && !path.startsWith(`${prefix}/`)) return false;
    const uid = /^\/sign-in\/([\w-]+)$/.exec(path.slice(prefix.length))?.[1];
    if (path === prefix || path === `${prefix}/`) {
      response.writeHead(200, headers()).end(issuerPage(prefix));
    } else if (uid !== undefined) {
      void page(uid, request, response);
    } else if (path === `${prefix}/sign-in.css`) {
      response.writeHead(200, { "content-type": "text/css; charset=utf-8", "x-content-type-options": "nosniff" }).end(css);
    } else {
      // oidc-provider finds the path it is mounted under by comparing the two.
      Object.assign(request, { originalUrl: url, url: `/${url.slice(prefix.length).replace(/^\//, "")}` });
      void answer(request, response);
    }
    return true;
  }

  return {
    handle,
    issuer,
    clientId,
    audience,
    jwksUri: `${issuer}/.well-known/jwks.json`,
    users,
    async tokensFor(email, minting) {
      const user = userByEmail(email);
      if (!user) throw new Error("There is no such seeded user.");
      serial++;
      return mint({ clock, issuer, key: keySet.keys[0], serial }, user, minting);
    },
    endSignIns: memory.forgetAccount,
    async rotateKeys() {
      keySet = await rotated(keySet, keep);
      // oidc-provider reads its keys once; sessions and codes live on in the memory both share.
      provider = createProvider(env, keySet);
      answer = provider.callback();
    },
  };
}
