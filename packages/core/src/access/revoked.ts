import { type Problem, problem } from "@tether/protocol/problem";
import type { Store } from "../store/index.ts";
import type { Caller } from "./caller.ts";

type Policy = { readonly revokedBefore: number };

/** Whether a token of that time was revoked. U3: tokens are stamped to the second, and `revokedBefore` is a full one. */
export function isRevoked(policy: Policy | null | undefined, issuedAt: number): boolean {
  return policy !== null && policy !== undefined && issuedAt < policy.revokedBefore;
}

/** Refuses a revoked token where no read of a robot does it already. One read, consistent. */
export async function unrevoked(env: { store: Store }, { sub, issuedAt }: Caller): Promise<Problem | undefined> {
  const { data } = await env.store.entities.accessPolicy.get({ userId: sub }).go({ consistent: true });
  return isRevoked(data, issuedAt) ? problem("auth.expired") : undefined;
}
