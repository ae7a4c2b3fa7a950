import { describe, expect, test } from "vitest";
import type { Session } from "../../src/live/session.ts";
import { issue } from "../../src/ticket/issue.ts";

const now = 1_764_000_000_000;
const env = { ring: [{ id: "k", secret: new Uint8Array(32) }] as const, clock: { now: () => now }, ids: { next: () => "tkt_1" } };
const principal = { type: "user", id: "u", role: "operator", by: "sub:u", issuedAt: 1 } as const;
const session = {
  ...{ sessionId: "cse_1", principal, authExpiresAt: now + 1_000, epoch: 3, ticketEpoch: 4, renewals: 2, state: "online" },
} as object as Session;
const proof = { robotId: "rob_1" as never, principal, authExpiresAt: now + 1_000, graceMs: 5 };

describe("a ticket", () => {
  test("for a renewal that moves nothing says so, and one for a connection never does [L3.2]", () => {
    expect(issue(env, session, { ...proof, use: "renew" }).claims).toMatchObject({ epoch: 3, renewals: 2, unmoved: true });
    expect(issue(env, session, { ...proof, use: "connect" }).claims).not.toHaveProperty("unmoved");
    expect(issue(env, session, { ...proof, use: "renew", authExpiresAt: now + 1_001 }).claims).not.toHaveProperty("unmoved");
    expect(issue(env, undefined, { ...proof, use: "connect" }).claims).not.toHaveProperty("unmoved");
  });

  test("for a renewal that gives fewer rights than the session has says so [D6]", () => {
    const viewer = { ...proof, principal: { ...principal, role: "viewer" } } as const;
    expect(issue(env, session, { ...viewer, use: "renew" }).claims).toMatchObject({ reduces: true });
    expect(issue(env, session, { ...viewer, use: "connect" }).claims).not.toHaveProperty("reduces");
    expect(issue(env, session, { ...proof, use: "renew" }).claims).not.toHaveProperty("reduces");
  });

  test("for a session's next connection is of the epoch after the newest that was redeemed, and goes on with what has opened [T8]", () => {
    const issued = issue(env, session, { ...proof, use: "connect" });
    expect([issued.claims.epoch, issued.resumed]).toEqual([5, true]);
    expect(issue(env, { ...session, state: "opening" } as Session, { ...proof, use: "connect" }).resumed).toBe(false);
    expect(issue(env, undefined, { ...proof, use: "connect" })).toMatchObject({ resumed: false, claims: { epoch: 1, renewals: 0 } });
  });
});
