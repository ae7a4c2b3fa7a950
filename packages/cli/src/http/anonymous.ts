import { type Api, createApi } from "@tether/sdk/api";
import type { Context } from "../context.ts";
import { boundedFetch } from "./ask.ts";

/** The service as nobody, or as whom a token names that is not kept yet. */
export function anonymous(env: Pick<Context, "fetch" | "clock">, api: string, token?: string): Api {
  return createApi({ api, token: async () => token, fetch: boundedFetch(env) });
}
