import { limits } from "@tether/protocol/limits";
import { describe, expect, test } from "vitest";
import { isVouched, trustedUntil, validUntil } from "../../../src/control/guard/validity.ts";

const { trustMs } = limits.control;

/** By the broker's clock, which is 5 s ahead of the robot's. */
const permit = { epoch: 3, issuedAt: 105_000, expiresAt: 405_000 };
const broker = { online: true, awayAt: Number.NEGATIVE_INFINITY, aheadMs: 5_000, epoch: 3 };
const awayAt = 200_000;

describe("a permit", () => {
  test("that the broker's last notice names is trusted while the broker can be heard, to its end [R2]", () => {
    expect(isVouched(permit, broker)).toBe(true);
    expect(trustedUntil(permit, broker)).toBe(Number.POSITIVE_INFINITY);
    expect(validUntil(permit, broker)).toEqual({ at: 400_000, over: "permit.over" });
  });

  test.each([
    ["was named when the broker was heard last, from then on", { online: false, awayAt }, awayAt + trustMs],
    ["was never named while the broker cannot be heard, from when it was issued", { online: false, awayAt, epoch: 2 }, 100_000 + trustMs],
    ["is not named by a broker that can be heard, from when it was issued", { epoch: 2, awayAt }, 100_000 + trustMs],
    ["was issued after the broker was heard last, from when it was issued", { online: false, awayAt: 90_000 }, 100_000 + trustMs],
  ])("that %s is trusted for 20 s by the robot's clock [R2]", (_, part, until) => {
    const heard = { ...broker, ...part };
    expect(isVouched(permit, heard)).toBe(false);
    expect(trustedUntil(permit, heard)).toBe(until);
    expect(validUntil(permit, heard)).toEqual({ at: until, over: "signalling.away" });
  });

  test.each([
    [400_000 - trustMs - 1, { at: 399_999, over: "signalling.away" }],
    [400_000 - trustMs, { at: 400_000, over: "permit.over" }],
  ])("ends with its own end or with the trust in it, whichever is first: away at %i [R2]", (since, valid) => {
    expect(validUntil(permit, { ...broker, online: false, awayAt: since })).toEqual(valid);
  });
});
