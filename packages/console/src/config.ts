import * as z from "zod/mini";

/** The console's configuration, from `/config.json`. */
export const Config = z.object({
  /** The API's origin. */
  api: z.string(),
  identity: z.object({
    issuer: z.string(),
    clientId: z.string(),
    scope: z.string(),
    /** The intended life of the issuer's tokens, where that is set beside it. */
    tokenMinutes: z.optional(z.number()),
    /** The claim with a user's groups, and the administrators' one of them. Default: `cognito:groups`, and `admins`. */
    groups: z.optional(z.string()),
    admins: z.optional(z.string()),
    /** Cognito's own sign-out page, `/logout` of the pool's domain; without it the issuer's OIDC one is used. */
    logout: z.optional(z.string()),
  }),
});
export type Config = z.infer<typeof Config>;

export async function loadConfig(fetch: (url: string) => Promise<Response>): Promise<Config | undefined> {
  try {
    const response = await fetch("/config.json");
    const config = Config.safeParse(await response.json());
    return config.success ? config.data : undefined;
  } catch {
    return undefined;
  }
}
