import { describe, expect, test } from "vitest";
import { leaseMs, minute, start } from "./kept.ts";

describe("a lease whose renewal moves nothing", () => {
  test("asks for a fresh token at once where the one at hand moves nothing, and then not sooner than half a minute apart [L3.3]", async () => {
    const { clock, lease, asked, renewals, serverNow, moveNothing } = start(0.5, 60 * minute);
    const expiresAt = serverNow() + 60 * minute;
    await moveNothing(60 * 60, (second) => {
      if (second === 50 * 60 || second === 59 * 60) lease.hear({ type: "auth.expiring", expiresAt });
    });
    expect(asked.slice(0, 3)).toEqual(["renew", "renew fresh", "renew fresh"]);
    expect([asked.length, new Set(asked.slice(1)).size, renewals]).toEqual([5, 1, []]);
    lease.hear({ type: "auth.renewed", expiresAt: serverNow() + leaseMs });
    await clock.advance(180 * minute);
    expect(asked.at(-1)).toBe("renew");
  });

  test("ends when its ticket says, where the answer to its renewal was lost and no token is newer: it is not asked for without end [L3.3]", async () => {
    const { clock, asked, sent, renewals, service, serverNow, moveNothing } = start(0.5, 60 * minute);
    await clock.advance(45 * minute);
    expect(sent).toHaveLength(1);
    service.leaseEndsAt = serverNow() + 180 * minute;
    sent.pop();
    await moveNothing(120 * 60);
    expect(renewals).toEqual([service.leaseEndsAt]);
    expect(asked).toEqual(["renew", "renew", "renew fresh"]);
  });

  test("whose end passed by a clock that was set ahead is not asked for without end", async () => {
    const { clock, lease, asked, service, moveNothing } = start(0.5, 240 * minute);
    clock.sleep(300 * minute);
    service.leaseEndsAt += 300 * minute;
    lease.wake();
    await moveNothing(120 * 60);
    expect(asked.slice(0, 2)).toEqual(["renew", "renew fresh"]);
    expect(asked.length).toBeLessThan(4);
  });
});
