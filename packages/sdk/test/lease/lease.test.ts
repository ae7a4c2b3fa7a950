import { problemFrame } from "@tether/protocol/frame/problem";
import { problem } from "@tether/protocol/problem";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { problemReason } from "../../src/problem-reason.ts";
import { settled } from "../virtual-clock.ts";
import { leaseMs, minute, start } from "./kept.ts";

describe("a lease", () => {
  test.each([
    [0, 0.7],
    [0.5, 0.75],
    [0.999_999_999, 0.8],
  ])("is renewed in place at 75 %% ± 5 %% of its time: drawn %d", async (drawn, share) => {
    const { clock, asked, sent } = start(drawn);
    await clock.advance(leaseMs * share - 2);
    expect(asked).toEqual([]);
    await clock.advance(3);
    expect(asked).toEqual(["renew"]);
    expect(sent).toMatchObject([{ type: "auth.renew", ticket: "secret-1" }]);
  });

  test("rests until the new lease is due once it was renewed", async () => {
    const { clock, lease, asked, renewals, serverNow } = start();
    await clock.advance(180 * minute);
    lease.hear({ type: "auth.renewed", expiresAt: serverNow() + leaseMs });
    expect(renewals).toEqual([serverNow() + leaseMs]);
    await clock.advance(180 * minute - 1);
    expect(asked).toHaveLength(1);
    await clock.advance(1);
    expect(asked).toHaveLength(2);
  });

  test("that is shorter than a warning's lead is renewed in its own time, not with the warning", async () => {
    const { clock, lease, asked, serverNow } = start(0.5, 12 * minute);
    const expiresAt = serverNow() + 12 * minute;
    await clock.advance(2 * minute);
    lease.hear({ type: "auth.expiring", expiresAt });
    await settled();
    expect(asked).toEqual([]);
    await clock.advance(7 * minute);
    expect(asked).toEqual(["renew"]);
  });

  test.each(["auth.expiring", "auth.expired"] as const)(
    "that ends sooner than it was to be renewed is renewed at once on %s",
    async (type) => {
      const { lease, asked } = start();
      lease.hear(type === "auth.expiring" ? { type, expiresAt: 0 } : { type, closesAt: 0 });
      await settled();
      expect(asked).toEqual(["renew"]);
    },
  );

  test("is renewed at once when the broker challenges this end, however long it still holds [K11]", async () => {
    const { lease, asked } = start();
    lease.hear({ type: "auth.challenge" });
    await settled();
    expect(asked).toEqual(["renew"]);
  });

  test("is renewed at once when a frame was refused because it is over", async () => {
    const { lease, asked } = start();
    lease.hear(problemFrame(problem("session.expired"), "1.1"));
    await settled();
    expect(asked).toEqual(["renew"]);
  });

  test("is asked for again when the broker is silent or refuses, after a random wait [E2]", async () => {
    const { clock, lease, sent } = start();
    await clock.advance(180 * minute);
    await clock.advance(10_000 + 249);
    expect(sent).toHaveLength(1);
    await clock.advance(1);
    expect(sent).toHaveLength(2);
    const last = sent.at(-1);
    lease.hear(problemFrame(problem("ticket.used"), last && "id" in last ? last.id : undefined));
    await clock.advance(500);
    expect(sent).toHaveLength(3);
  });

  test("is let be after a final no, until the broker warns", async () => {
    const { clock, lease, asked, refusals } = start();
    refusals.push({ refusal: { reason: problemReason("access.denied"), retry: "never", afterMs: 0 } });
    await clock.advance(225 * minute);
    expect(asked).toHaveLength(1);
    lease.hear({ type: "auth.expiring", expiresAt: 0 });
    await settled();
    expect(asked).toHaveLength(2);
  });

  test("says what became of each attempt and why, and leaves no timer once it was refused for good", async () => {
    const { clock, lines, refusals } = start();
    refusals.push({ refusal: { reason: problemReason("access.denied"), retry: "never", afterMs: 0 } });
    await clock.advance(180 * minute);
    expect(lines).toStrictEqual([
      { event: "lease.asking", because: "due" },
      { event: "lease.denied", because: "refused", code: "access.denied" },
    ]);
    expect(clock.pending).toBe(0);
  });

  test("gives up a request for a ticket when it waited long enough for it", async () => {
    const { clock, lease, signals } = start();
    lease.hear({ type: "auth.challenge" });
    await settled();
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    await clock.advance(30_000);
    expect(signals.every(({ aborted }) => aborted)).toBe(true);
  });

  test("that is renewed before its time rests anew", async () => {
    const { clock, lease, asked, serverNow } = start();
    await clock.advance(100 * minute);
    lease.hear({ type: "auth.renewed", expiresAt: serverNow() + leaseMs });
    await clock.advance(180 * minute - 1);
    expect(asked).toEqual([]);
    await clock.advance(1);
    expect(asked).toEqual(["renew"]);
  });

  test("that is warned by the server's clock of an end before its time is renewed at once", async () => {
    const { lease, asked, serverNow } = start();
    lease.hear({ type: "auth.expiring", expiresAt: serverNow() + 100 * minute });
    await settled();
    expect(asked).toEqual(["renew"]);
  });

  test("is not renewed for a problem that is not about it", async () => {
    const { lease, asked } = start();
    lease.hear(problemFrame(problem("ticket.used")));
    lease.hear(problemFrame(problem("frame.invalid"), "1.1"));
    await settled();
    expect(asked).toEqual([]);
  });

  test("is looked at first after a sleep", async () => {
    const { clock, lease, asked } = start();
    lease.wake();
    await settled();
    expect(asked).toEqual([]);
    clock.sleep(180 * minute);
    lease.wake();
    await settled();
    expect(asked).toEqual(["renew"]);
  });

  test("that cannot get longer is not asked for without end", async () => {
    const { clock, lease, asked, serverNow } = start(0, 60 * minute);
    const expiresAt = serverNow() + 60 * minute;
    for (let n = 0; n < 60; n += 1) {
      await clock.advance(minute);
      lease.hear({ type: "auth.renewed", expiresAt });
    }
    expect(asked.length).toBeLessThan(60);
  });

  test("says nothing once it ended, and leaves no timer [E5]", () => {
    const happening = fc.constantFrom("wake", "warn", "renew", "advance");
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 20 }), (steps) => {
        const { clock, lease, sent, asked, serverNow } = start();
        for (const one of steps) {
          if (one === "wake") lease.wake();
          else if (one === "warn") lease.hear({ type: "auth.expired", closesAt: 0 });
          else if (one === "renew") lease.hear({ type: "auth.renewed", expiresAt: serverNow() + leaseMs });
          else clock.advanceNow(30 * minute);
        }
        lease.end();
        const before = [sent.length, asked.length];
        lease.wake();
        lease.hear({ type: "auth.expired", closesAt: 0 });
        clock.advanceNow(10 * leaseMs);
        expect([sent.length, asked.length]).toEqual(before);
        expect(clock.pending).toBe(0);
      }),
      { numRuns: 1_000 },
    );
  });
});
