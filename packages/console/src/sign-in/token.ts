import type { TokenCallback } from "@tether/sdk/client";
import type { Identity } from "./identity.ts";

/** The token of who is signed in, as the SDK asks for it. */
export function tokenOf(identity: Identity): TokenCallback {
  return async ({ fresh }) => {
    const token = await identity.token(fresh);
    if (token === undefined) throw new Error("nobody is signed in");
    return token;
  };
}
