import { domainPrefix } from "./domain-prefix.ts";
import { setting } from "./setting.ts";
import { isProduction } from "./stage.ts";

/**
 * The issuer whose tokens the API takes: those of a given OIDC issuer, or of a user pool of our own. `signIn` is where people sign in, `calls` are
 * the origins that the console calls for it.
 */
export const identity = setting.oidc.issuer === undefined ? userPool() : external(setting.oidc.issuer);

function external(issuer: string) {
  const calls = [new URL(issuer).origin, ...setting.oidc.origins];
  return { issuer: $output(issuer), signIn: $output(issuer), calls: $output(calls), pool: undefined, logout: undefined };
}

function userPool() {
  const pool = new sst.aws.CognitoUserPool("Users", {
    usernames: ["email"],
    mfa: "optional",
    softwareToken: true,
    // Taken by the first in the region who asks for it: the account's number makes it ours.
    domain: { prefix: $interpolate`${domainPrefix($app.name, $app.stage)}-${aws.getCallerIdentityOutput().accountId}` },
    transform: {
      userPool(args, options) {
        // People who may drive a robot are invited; nobody can sign up.
        args.adminCreateUserConfig = { allowAdminCreateUserOnly: true };
        args.accountRecoverySetting = { recoveryMechanisms: [{ name: "verified_email", priority: 1 }] };
        args.passwordPolicy = { minimumLength: 12, temporaryPasswordValidityDays: 7 };
        args.deletionProtection = isProduction ? "ACTIVE" : "INACTIVE";
        options.retainOnDelete = isProduction;
      },
    },
  });
  new aws.cognito.UserGroup("Admins", { userPoolId: pool.id, name: "admins", description: "May do all on every robot." });
  const issuer = $interpolate`https://${pool.nodes.userPool.endpoint}`;
  const signIn = pool.domainUrl ?? issuer;
  // The pool says where its endpoints are at the one, and has them at the other.
  const calls = $resolve([issuer, signIn]).apply((urls) => urls.map((url) => new URL(url).origin));
  return { issuer, signIn, calls, pool, logout: $interpolate`${signIn}/logout` };
}
