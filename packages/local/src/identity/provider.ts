import Provider, { type AdapterFactory, type KoaContextWithOIDC } from "oidc-provider";
import type { Clock } from "../clock/clock.ts";
import type { Log } from "../gateway/log.ts";
import { accessClaims, audience, clientId, idClaims, scope, tokenLifeMs } from "./claims.ts";
import type { KeySet } from "./keys.ts";
import { headers, refusedPage, signedOutPage, signOutPage } from "./page.ts";
import { userBySub } from "./user.ts";

const day = 86_400;

export type ProviderEnv = {
  issuer: string;
  /** The issuer's path. */
  prefix: string;
  clock: Pick<Clock, "now">;
  memory: AdapterFactory;
  redirectUris: readonly string[];
  nativeRedirectUri: string | undefined;
  /** Where a browser app may call the token endpoint from. */
  origins: readonly string[];
  log: Log;
};

/**
 * oidc-provider as a user pool: one public client, code and PKCE only. It judges the life of its codes and refresh tokens by
 * the machine's clock; what the API judges, the access token, is dated by ours.
 */
export function createProvider(env: ProviderEnv, { keys, cookie }: KeySet): Provider {
  const show = (ctx: KoaContextWithOIDC, page: string, targets: readonly string[] = []) => {
    ctx.set(headers(targets));
    ctx.body = page;
  };
  const provider = new Provider(env.issuer, {
    adapter: env.memory,
    clients: [
      {
        client_id: clientId,
        token_endpoint_auth_method: "none",
        // RFC 8252 §7.3: a native client's loopback redirects are good on any port. All of ours are on this machine.
        application_type: "native",
        redirect_uris: [...env.redirectUris, ...(env.nativeRedirectUri === undefined ? [] : [env.nativeRedirectUri])],
        post_logout_redirect_uris: env.origins.map((origin) => `${origin}/`),
        grant_types: ["authorization_code", "refresh_token"],
        response_types: ["code"],
      },
    ],
    responseTypes: ["code"],
    jwks: { keys: keys.map((key) => ({ ...key })) },
    // Cookies know no port: names of our own keep away from what else runs on this host.
    cookies: {
      keys: [cookie],
      names: { session: "tether_session", interaction: "tether_sign_in", resume: "tether_resume" },
      long: { path: env.prefix },
    },
    // Where Cognito has them, which is also where verifiers look unasked.
    routes: { jwks: "/.well-known/jwks.json" },
    // The path only: the browser may know this host by another name, and the cookies belong to that one.
    interactions: { url: (_ctx, { uid }) => `${env.prefix}/sign-in/${uid}` },
    async findAccount(_ctx, sub) {
      const user = userBySub(sub);
      return user && { accountId: sub, claims: async () => idClaims(user) };
    },
    claims: { openid: ["sub", "token_use", "cognito:username", "cognito:groups"], email: ["email", "email_verified"], profile: ["name"] },
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    clientBasedCORS: (_ctx, origin) => env.origins.includes(origin),
    // Cognito asks nobody for consent and gives refresh tokens without offline_access.
    loadExistingGrant: grantAll,
    issueRefreshToken: async () => true,
    rotateRefreshToken: true,
    ttl: {
      AuthorizationCode: 60,
      AccessToken: tokenLifeMs / 1000,
      IdToken: tokenLifeMs / 1000,
      RefreshToken: 30 * day,
      Session: day,
      Grant: 30 * day,
      Interaction: 3_600,
    },
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      revocation: { enabled: true, allowedPolicy: async (_ctx, client, token) => token.clientId === client.clientId },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, form) => show(ctx, signOutPage(env.prefix, form), env.origins),
        postLogoutSuccessSource: (ctx) => show(ctx, signedOutPage(env.prefix)),
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => audience,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope,
          audience,
          accessTokenFormat: "jwt",
          accessTokenTTL: tokenLifeMs / 1000,
          jwt: { sign: { alg: "RS256" } },
        }),
      },
    },
    async extraTokenClaims(_ctx, token) {
      const user = "accountId" in token ? userBySub(token.accountId) : undefined;
      return user && accessClaims(user);
    },
    formats: {
      customizers: {
        jwt(_ctx, _token, jwt) {
          const iat = Math.floor(env.clock.now() / 1000);
          Object.assign(jwt.payload, { iat, exp: iat + tokenLifeMs / 1000 });
        },
      },
    },
    renderError: (ctx, { error }) => show(ctx, refusedPage(env.prefix, `The request was refused: ${error}.`)),
  });
  provider.on("server_error", (_ctx, error) => env.log({ level: "error", event: "identity.failed", name: error.name }));
  // Koa tells of connections that broke; its own listener prints them, and with them what was asked.
  provider.onerror = ({ name }) => env.log({ level: "debug", event: "identity.broken", name });
  const refused = (_ctx: KoaContextWithOIDC, error: Error) => env.log({ level: "info", event: "identity.refused", code: error.message });
  provider.on("authorization.error", refused).on("grant.error", refused);
  return provider;
}

async function grantAll({ oidc }: KoaContextWithOIDC) {
  const { client, session, provider } = oidc;
  if (!client || !session?.accountId) return undefined;
  const grantId = session.grantIdFor(client.clientId);
  const before = grantId === undefined ? undefined : await provider.Grant.find(grantId);
  if (before) return before;
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope(`${scope} offline_access`);
  grant.addResourceScope(audience, scope);
  await grant.save();
  return grant;
}
