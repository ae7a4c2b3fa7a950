import * as z from "zod/mini";
import { Text, wellFormed } from "../text.ts";

/** Where users of this service sign in, by OpenID Connect: the issuer, and the public client of it that this service takes tokens of. */
export const SignIn = z.object({ issuer: z.url({ protocol: /^https?$/ }).check(wellFormed), clientId: Text.check(z.minLength(1)) });
export type SignIn = z.infer<typeof SignIn>;
