import { createHmac } from "node:crypto";
import { limits } from "@tether/protocol/limits";
import type { IceProvider } from "./provider.ts";

/**
 * coturn with `use-auth-secret` (draft-uberti-behave-turn-rest-00 §2): the user name is when it is over and whose it is, the
 * password a MAC over that. Nothing is asked of anyone.
 */
export function coturnIce({ urls, secret }: { urls: readonly string[]; secret: string }): IceProvider {
  return {
    async servers(principalId, now) {
      const username = `${Math.floor((now + limits.ice.lifeMs) / 1000)}:${principalId}`;
      return [{ urls: [...urls], username, credential: createHmac("sha1", secret).update(username).digest("base64") }];
    },
  };
}
