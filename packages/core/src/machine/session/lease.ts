import { limits } from "@tether/protocol/limits";
import { atLeast } from "@tether/protocol/role";
import type { Expired, Online } from "../../live/session.ts";
import type { Principal } from "../../store/principal.ts";
import { missedWarnings, warnsAt } from "./due.ts";
import type { Change, On } from "./event.ts";
import type { Logged } from "./pending.ts";

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

/** Whether a renewal changes anything: when the lease ends, or the key, the token, the role or the grant that it stands on. */
export function moves(old: { principal: Principal; authExpiresAt: number }, now: { principal: Principal; authExpiresAt: number }): boolean {
  return extended(old, now) !== old.authExpiresAt || !isSame(old.principal, now.principal);
}

function isSame(old: Principal, now: Principal): boolean {
  if (old.type === "robot") return now.type === "robot" && now.kid === old.kid;
  return now.type === "user" && now.id === old.id && now.role === old.role && now.by === old.by && now.issuedAt === old.issuedAt;
}

/** Extends the lease. Like `reserve`, it needs no read while the session is online. */
export function extend({ at, principal, authExpiresAt, renewals }: On<"renewed">): Logged {
  return {
    // A session that renews is alive: the gateway need not be asked so soon.
    patch: { principal, authExpiresAt, renewals, warned: missedWarnings(authExpiresAt, at), verifiedAt: at },
    entry: { type: "session.renewed", inferred: false, evidence: { authExpiresAt } },
  };
}

export function expire(session: Online, { at }: On<"expired">): Change | "ignored" {
  if (at < session.authExpiresAt) return "ignored";
  return {
    patch: { state: "expired", since: at, closesAt: at + limits.auth.renewMs },
    entry: { type: "session.expired", epoch: session.epoch, inferred: false, evidence: { authExpiresAt: session.authExpiresAt } },
  };
}

/** The warning that is due now, once. A later renewal begins anew. */
export function warn(session: Online, { at }: On<"warned">): Change | "ignored" {
  if (at < warnsAt(session) || at >= session.authExpiresAt) return "ignored";
  const passed = limits.auth.warnMs.filter((ahead) => at >= session.authExpiresAt - ahead).length;
  return {
    patch: { warned: passed },
    entry: { type: "session.expiring", epoch: session.epoch, inferred: false, evidence: { authExpiresAt: session.authExpiresAt } },
  };
}

export function revive(session: Expired, event: On<"renewed">): Change {
  const { patch, entry } = extend(event);
  return {
    patch: { ...patch, state: "online", since: event.at, closesAt: undefined },
    entry: { ...entry, epoch: session.epoch },
  };
}
