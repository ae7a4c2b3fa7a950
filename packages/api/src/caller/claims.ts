import { admins, type Caller as User } from "@tether/core/access";
import { foldAddress } from "@tether/protocol/http";
import { type Problem, problem } from "@tether/protocol/problem";
import { cutText, Text } from "@tether/protocol/text";
import * as z from "zod/mini";

/** The caller that a token names, and which kind of token it was. */
export type Caller = User & { readonly tokenUse: "id" | "access" };

/** Where an issuer says what it says of people. */
export type ClaimSettings = {
  /** The claim with a user's groups: its name, or a path with dots where there is none of that name (`realm_access.roles`). */
  readonly groups?: string | undefined;
  /** The name of the admins' group. */
  readonly admins?: string | undefined;
  /** The claim that says whether the address was verified; `always` for an issuer that gives out verified ones only, and says nothing. */
  readonly verified?: string | undefined;
};

/** How far ahead of our clock the issuer's may be. */
const aheadMs = 60_000;

/** A name is cut to this length: it goes into every session, grant and entry of its user. */
const nameChars = 200;

/** The claims that every token must have; instants in seconds. */
const Claims = z.object({
  // As in a grant's `sub:…`.
  sub: z.string().check(z.regex(/^[\x21-\x7e]{1,128}$/)),
  // RFC 7519 lets a token be good for ever by leaving exp out; we do not.
  exp: z.number(),
  iat: z.number(),
  nbf: z.optional(z.number()),
  // A claim that is not text is left out: it would only be shown, or looked up.
  email: z.catch(z.optional(Text), undefined),
  name: z.catch(
    z.optional(
      z.pipe(
        z.string(),
        z.transform((name: string) => cutText(name, nameChars)),
      ),
    ),
    undefined,
  ),
});

const Groups = z._default(z.array(z.string()), []);

/** Reads a payload whose signature, issuer and audience were checked, and judges its time by `now`, in ms. */
export function callerIn(
  payload: unknown,
  tokenUse: Caller["tokenUse"],
  now: number,
  { groups: groupsClaim = "cognito:groups", admins: adminsGroup = admins, verified = "email_verified" }: ClaimSettings = {},
): Caller | Problem {
  const read = Claims.safeParse(payload);
  const named = Groups.safeParse(claimOf(payload, groupsClaim));
  if (!read.success || !named.success) return problem("auth.invalid");
  const { sub, exp, iat, nbf = iat, email, name } = read.data;
  if (exp * 1000 <= now) return problem("auth.expired");
  if (Math.max(iat, nbf) * 1000 > now + aheadMs) return problem("auth.invalid");
  return {
    sub,
    groups: groupsOf(named.data, adminsGroup),
    // Cognito lets people change their address at will; until they proved it, it is nobody's.
    ...(email && isVerified(payload, verified) ? { email: foldAddress(email) } : {}),
    ...(name ? { name } : {}),
    issuedAt: iat * 1000,
    expiresAt: exp * 1000,
    tokenUse,
  };
}

/** A claim of that name, or what is at that path. */
function claimOf(payload: unknown, name: string): unknown {
  const inside = (value: unknown, key: string): unknown =>
    typeof value === "object" && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
  return inside(payload, name) ?? name.split(".").reduce(inside, payload);
}

/** The admins' group goes by our name here. Another group that happens to have that name is not theirs. */
function groupsOf(named: readonly string[], adminsGroup: string): string[] {
  const others = named.filter((group) => group !== admins && group !== adminsGroup);
  return named.includes(adminsGroup) ? [...others, admins] : others;
}

function isVerified(payload: unknown, claim: string): boolean {
  const said = claimOf(payload, claim === "always" ? "email_verified" : claim);
  // Some issuers write booleans as text.
  return said === true || said === "true" || (claim === "always" && said === undefined);
}
