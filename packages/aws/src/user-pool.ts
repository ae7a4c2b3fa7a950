import {
  AdminUserGlobalSignOutCommand,
  CognitoIdentityProviderClient,
  type CognitoIdentityProviderClientConfig,
  UserNotFoundException,
} from "@aws-sdk/client-cognito-identity-provider";
import type { SignIns } from "@tether/core/user";
import { nameOf } from "./failure.ts";
import type { Log } from "./invocation.ts";
import { requestHandler } from "./time-out.ts";

/**
 * A Cognito user pool whose users sign in with their e-mail address, so that a token's `sub` is the username. It forgets their refresh
 * tokens; the cookie of its own sign-in page it does not, which lives for an hour.
 */
export function createUserPool(
  config: CognitoIdentityProviderClientConfig,
  { userPoolId, log }: { userPoolId: string; log: Log },
): SignIns {
  const client = new CognitoIdentityProviderClient({ maxAttempts: 2, requestHandler, ...config });
  return {
    async end(sub) {
      try {
        await client.send(new AdminUserGlobalSignOutCommand({ UserPoolId: userPoolId, Username: sub }));
        return "ended";
      } catch (error) {
        // A user who was deleted can buy no token.
        if (error instanceof UserNotFoundException) return "ended";
        log({ level: "warn", event: "sign-ins.failed", error: nameOf(error) });
        return "failed";
      }
    },
  };
}
