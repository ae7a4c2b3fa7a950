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

/** Whom a grant must name to be the caller's. */
export function granteesOf({ sub, email }: Caller): string[] {
  return email === undefined ? [`sub:${sub}`] : [`sub:${sub}`, `email:${email}`];
}

/** Members may do all with every robot. */
export const admins = "admins";
