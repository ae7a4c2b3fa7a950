import * as z from "zod/mini";

/** Where users of this service sign in, by OpenID Connect: the issuer, and the public client of it that this service takes tokens of. */
export const SignIn = z.object({ issuer: z.url({ protocol: /^https?$/ }), clientId: z.string().check(z.minLength(1)) });
export type SignIn = z.infer<typeof SignIn>;
