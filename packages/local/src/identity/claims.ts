import { lifetime } from "../../../../infra/lifetime.ts";
import type { User } from "./user.ts";

/** How long ID and access tokens live, in ms: what the user pool is told as well. */
export const tokenLifeMs = lifetime.accessToken.minutes * 60_000;

/** The name of the API in `aud`. Cognito leaves `aud` out of access tokens; oidc-provider insists on one. */
export const audience = "urn:tether:api";

/** The one public client. */
export const clientId = "tether-console";

export const scope = "openid email profile";

/** Cognito leaves the claim out for a user in no group. */
function groupsOf({ groups }: User): { "cognito:groups"?: string[] } {
  return groups.length > 0 ? { "cognito:groups": [...groups] } : {};
}

/** docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html */
export function accessClaims(user: User): { token_use: "access"; username: string; "cognito:groups"?: string[] } {
  return { token_use: "access", username: user.sub, ...groupsOf(user) };
}

/** docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-id-token.html */
export function idClaims(user: User): { sub: string } & Record<string, string | boolean | string[]> {
  const { sub, email, name } = user;
  return { sub, token_use: "id", "cognito:username": sub, ...groupsOf(user), email, email_verified: true, name };
}
