import type { SignIns } from "@tether/core/user";
import type { Identity } from "./identity.ts";

/** The sign-ins of the provider that stands in for the user pool, for the API to end. */
export function signInsAt(identity: Identity): SignIns {
  return {
    async end(sub) {
      identity.endSignIns(sub);
      return "ended";
    },
  };
}
