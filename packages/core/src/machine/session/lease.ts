import { atLeast } from "@tether/protocol/role";
import type { Principal } from "../../store/principal.ts";

/** Whether the new proof gives less than the old one: only then may a lease move back. */
export function fewerRights(old: Principal, now: Principal): boolean {
  return old.type === "user" && now.type === "user" && !atLeast(now.role, old.role);
}

/** When a lease ends that is proved anew. */
export function extended(
  old: { principal: Principal; authExpiresAt: number },
  now: { principal: Principal; authExpiresAt: number },
): number {
  return fewerRights(old.principal, now.principal) ? now.authExpiresAt : Math.max(old.authExpiresAt, now.authExpiresAt);
}
