import type { Actor } from "@tether/protocol/actor";

/** A user, as a verified OIDC token named them. Instants in ms since the Unix epoch. */
export type Caller = {
  readonly sub: string;
  readonly groups: readonly string[];
  /** Lower case; only where the issuer says it is verified. */
  readonly email?: string;
  readonly name?: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
};

/** The grantees that name this caller. */
export function granteesOf({ sub, email }: Caller): readonly [string, ...string[]] {
  return email === undefined ? [`sub:${sub}`] : [`sub:${sub}`, `email:${email}`];
}

/** The caller as whoever did something. */
export function actorOf({ sub, name, email }: Caller): Actor {
  const called = name ?? email;
  return { type: "user", id: sub, ...(called !== undefined && { name: called }) };
}

/** Members may do all with every robot. */
export const admins = "admins";
