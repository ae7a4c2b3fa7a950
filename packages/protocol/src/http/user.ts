import * as z from "zod/mini";
import { Text } from "../text.ts";

/** A token's subject. */
export const UserId = Text.check(z.regex(/^[\x21-\x7e]{1,128}$/));

/** The user who is signed out: in the query, since a path may reach the API decoded. */
export const UserRevoke = z.object({ sub: UserId });
export type UserRevoke = z.infer<typeof UserRevoke>;

/** The caller, as the token says. `email` only where its issuer has verified it. */
export const Me = z.object({
  id: Text,
  email: z.optional(Text),
  name: z.optional(Text),
  groups: z.array(Text),
});
export type Me = z.infer<typeof Me>;

/**
 * Tokens that were issued before `revokedBefore` are over. `signIns` at the identity provider are `ended`, so that no refresh token buys
 * another; or `kept`, where the provider does not take this service's word.
 */
export const UserRevoked = z.object({ id: Text, revokedBefore: z.int(), signIns: z.enum(["ended", "kept"]) });
export type UserRevoked = z.infer<typeof UserRevoked>;
