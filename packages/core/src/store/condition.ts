import { type Role, roles } from "@tether/protocol/role";
import type { Entities } from "./transact.ts";

// Conditions that several writes share. Each is written here once, so that they all mean the same by it.

/** The robot is there, and is not being moved to another cell. */
export function robotExists({ robot }: Entities, robotId: string) {
  return robot
    .check({ robotId })
    .where((of, { exists, notExists }) => `${exists(of.robotId)} AND ${notExists(of.movedTo)}`)
    .commit();
}

/** A token of that time was not revoked. */
export function userUnrevoked({ accessPolicy }: Entities, { id, issuedAt }: { id: string; issuedAt: number }) {
  return accessPolicy
    .check({ userId: id })
    .where(({ revokedBefore }, { notExists, lte }) => `${notExists(revokedBefore)} OR ${lte(revokedBefore, issuedAt)}`)
    .commit();
}

/** The grantee has one of these roles on the robot. */
export function grantStands({ grant }: Entities, key: { robotId: string; to: string }, among: readonly Role[] = roles) {
  return grant
    .check(key)
    .where(({ role }, { eq }) => among.map((one) => eq(role, one)).join(" OR "))
    .commit();
}

export type KeyState = "pending" | "active" | "retiring" | "retired" | "revoked";

/** A robot's key is in one of these states. */
export function keyIs({ credential }: Entities, key: { robotId: string; kid: string }, among: readonly KeyState[]) {
  return credential
    .check(key)
    .where(({ state }, { eq }) => among.map((one) => eq(state, one)).join(" OR "))
    .commit();
}

/** The session in that place is this one, and online. */
export function sessionOnline({ session }: Entities, key: { robotId: string; slot: string }, sessionId: string) {
  return session
    .check(key)
    .where((of, { eq }) => `${eq(of.sessionId, sessionId)} AND ${eq(of.state, "online")}`)
    .commit();
}
