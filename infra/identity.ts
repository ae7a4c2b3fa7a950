import { limits } from "../packages/protocol/src/limits.ts";
import { lifetime } from "./lifetime.ts";
import { router } from "./router.ts";
import { setting } from "./setting.ts";
import { isProduction } from "./stage.ts";

/** Whose tokens the API takes: those of a given OIDC issuer, or of a user pool of our own. */
export const identity = setting.oidc.issuer === undefined ? userPool() : external(setting.oidc.issuer);

function external(issuer: string) {
  if (setting.oidc.clientIds.length === 0) throw new Error("TETHER_OIDC_ISSUER needs TETHER_OIDC_CLIENT_IDS beside it.");
  return { issuer: $output(issuer), clientIds: $output(setting.oidc.clientIds), audience: setting.oidc.audience, signIn: $output(issuer) };
}

function userPool() {
  const pool = new sst.aws.CognitoUserPool("Users", {
    usernames: ["email"],
    mfa: "optional",
    softwareToken: true,
    // Taken by the first in the region who asks for it: the account's number makes it ours.
    domain: { prefix: $interpolate`${$app.name}-${$app.stage}-${aws.getCallerIdentityOutput().accountId}` },
    transform: {
      userPool(args, options) {
        // Whoever may drive a robot is invited; nobody lets themselves in.
        args.adminCreateUserConfig = { allowAdminCreateUserOnly: true };
        args.accountRecoverySetting = { recoveryMechanisms: [{ name: "verified_email", priority: 1 }] };
        args.passwordPolicy = { minimumLength: 12, temporaryPasswordValidityDays: 7 };
        args.deletionProtection = isProduction ? "ACTIVE" : "INACTIVE";
        options.retainOnDelete = isProduction;
      },
    },
  });
  new aws.cognito.UserGroup("Admins", { userPoolId: pool.id, name: "admins", description: "May do all on every robot." });
  const urls = [$interpolate`${router.url}/`, ...(isProduction ? [] : ["http://localhost:5173/"])];
  const web = pool.addClient("Web", {
    callbackUrls: [...urls, limits.signIn.redirectUri],
    transform: {
      client(args) {
        // PKCE is what makes the code flow safe without a client secret; Cognito takes its challenge whenever one is sent.
        args.generateSecret = false;
        args.allowedOauthFlows = ["code"];
        args.allowedOauthScopes = ["openid", "email", "profile"];
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
  const issuer = $interpolate`https://${pool.nodes.userPool.endpoint}`;
  return { issuer, clientIds: $output([web.id]), audience: undefined, signIn: pool.domainUrl ?? issuer };
}
