import { limits } from "../packages/protocol/src/limits.ts";
import { identity } from "./identity.ts";
import { lifetime } from "./lifetime.ts";
import { router } from "./router.ts";
import { setting } from "./setting.ts";
import { isProduction } from "./stage.ts";

const scopes = ["openid", "email", "profile"];

/** The clients whose tokens the API takes, the console's and the terminal's first; and what is asked for with it. */
export const client = { ...(identity.pool ? ofPool(identity.pool) : external()), scope: scopes.join(" ") };

function external() {
  if (setting.oidc.clientIds.length === 0) throw new Error("TETHER_OIDC_ISSUER needs TETHER_OIDC_CLIENT_IDS beside it.");
  return { ids: $output(setting.oidc.clientIds), audience: setting.oidc.audience, tokenMinutes: undefined };
}

function ofPool(pool: sst.aws.CognitoUserPool) {
  const urls = [$interpolate`${router.url}/`, ...(isProduction ? [] : ["http://localhost:5173/"])];
  const web = pool.addClient("Web", {
    callbackUrls: [...urls, limits.signIn.redirectUri],
    transform: {
      client(args) {
        // PKCE is what makes the code flow safe without a client secret; Cognito takes its challenge whenever one is sent.
        args.generateSecret = false;
        args.allowedOauthFlows = ["code"];
        args.allowedOauthScopes = scopes;
        args.explicitAuthFlows = ["ALLOW_USER_SRP_AUTH"];
        args.logoutUrls = urls;
        args.accessTokenValidity = lifetime.accessToken.minutes;
        args.idTokenValidity = lifetime.idToken.minutes;
        args.refreshTokenValidity = lifetime.refreshToken.days;
        args.tokenValidityUnits = { accessToken: "minutes", idToken: "minutes", refreshToken: "days" };
        args.refreshTokenRotation = { feature: "ENABLED", retryGracePeriodSeconds: lifetime.rotationGrace.seconds };
        args.enableTokenRevocation = true;
        args.preventUserExistenceErrors = "ENABLED";
      },
    },
  });
  return { ids: $output([web.id]), audience: undefined, tokenMinutes: lifetime.idToken.minutes };
}
