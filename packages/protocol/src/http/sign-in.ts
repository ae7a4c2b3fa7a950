import * as z from "zod/mini";
import { Text, wellFormed } from "../text.ts";

/** The OpenID Connect issuer where users of this service sign in, and the public client of it whose tokens this service takes. */
export const SignIn = z.object({ issuer: z.url({ protocol: /^https?$/ }).check(wellFormed), clientId: Text.check(z.minLength(1)) });
export type SignIn = z.infer<typeof SignIn>;
