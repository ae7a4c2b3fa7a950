import * as z from "zod/mini";
import { Role } from "../role.ts";
import { Text } from "../text.ts";
import { pageOf } from "./page.ts";

/**
 * An address as grants name it: A to Z count as a to z, and nothing else is folded. Unicode's own folding makes a k of the Kelvin sign, so
 * that two addresses would be one.
 */
export function foldAddress(address: string): string {
  return address.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** The user that a grant is for: a token's subject, or an e-mail address its issuer has verified. */
export const Grantee = Text.check(z.regex(/^(sub:[\x21-\x7e]{1,128}|email:[^\s@A-Z]{1,64}@[^\s@A-Z]{1,190})$/));
export type Grantee = z.infer<typeof Grantee>;

/** Gives a role, in place of one that the same user may have. */
export const GrantGive = z.object({ to: Grantee, role: Role });
export type GrantGive = z.infer<typeof GrantGive>;

/** The user whose role is taken away: in the query, since a path may reach the API decoded. */
export const GrantTake = z.object({ to: Grantee });
export type GrantTake = z.infer<typeof GrantTake>;

/** A role of a user on a robot. `givenAt` is ms since the Unix epoch, `givenBy` a user's subject. */
export const Grant = z.object({ to: Grantee, role: Role, givenAt: z.int(), givenBy: Text });
export type Grant = z.infer<typeof Grant>;

/** A page of a robot's grants. */
export const GrantPage = pageOf(Grant);
