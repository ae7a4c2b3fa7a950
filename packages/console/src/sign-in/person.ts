import type { User } from "oidc-client-ts";
import type { Config } from "../config.ts";

export type Person = { readonly id: string; readonly name: string; readonly email: string | undefined; readonly isAdmin: boolean };

/** The person whom an ID token names. Which claim has the groups, and which group is the administrators', is the issuer's affair. */
export function personOf(
  profile: User["profile"],
  { groups = "cognito:groups", admins = "admins" }: Pick<Config["identity"], "groups" | "admins">,
): Person {
  const { sub, name, email } = profile;
  const held: unknown = profile[groups];
  return { id: sub, name: name ?? email ?? sub, email, isAdmin: Array.isArray(held) && held.includes(admins) };
}
