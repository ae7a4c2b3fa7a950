import { limits } from "@tether/protocol/limits";
import { expect, test } from "vitest";
import { canDrive, type Driver, holding } from "../../src/control/driver.ts";
import { permitFrame } from "../../src/control/hold.ts";
import type { Lease } from "../../src/live/control-lease.ts";
import type { Session } from "../../src/live/session.ts";

const principal = { type: "user", id: "u", role: "operator", by: "sub:u", issuedAt: 0 } as const;
const driver = { state: "online", sessionId: "cse_1", instance: "ins_aaaaaaaa", principal, authExpiresAt: 10_000_000 } as object as Driver;
const { leaseMs } = limits.control;

test.each([
  [driver, "operator", true],
  [driver, "viewer", true],
  [driver, "owner", false],
  [{ ...driver, principal: { ...principal, role: "owner" } }, "owner", true],
  [{ ...driver, principal: { ...principal, role: "viewer" } }, undefined, false],
  [{ ...driver, principal: { type: "robot", kid: "k" } }, undefined, false],
  [{ ...driver, state: "away" }, undefined, false],
  [{ ...driver, state: "expired" }, undefined, false],
  [undefined, undefined, false],
] as [Session | undefined, "operator" | undefined, boolean][])("%j drives where one must be %s: %s [D12]", (session, needed, may) => {
  expect(canDrive(session, needed)).toBe(may);
});

test("a holder is its session and its user, by name where there is one, for as long as the shorter of both leases [D4]", () => {
  const to = { sessionId: "cse_1", instance: "ins_aaaaaaaa", user: { id: "u" } };
  expect(holding(driver, 1_000)).toStrictEqual({ to, expiresAt: 1_000 + leaseMs });
  const named = { ...driver, principal: { ...principal, name: "Una" }, authExpiresAt: 2_000 };
  expect(holding(named, 1_000)).toStrictEqual({ to: { ...to, user: { id: "u", name: "Una" } }, expiresAt: 2_000 });
});

test("nobody but the holder of control is handed a permit [D3]", () => {
  for (const state of ["free", "kept"] as const)
    expect(() => permitFrame({ clock: { now: () => 0 } } as never, { state } as Lease, "r")).toThrow("only the holder");
});
