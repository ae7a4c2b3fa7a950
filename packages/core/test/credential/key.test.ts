import type { KeyId, RobotId } from "@tether/protocol/id";
import { limits } from "@tether/protocol/limits";
import { describe, expect, test } from "vitest";
import { datesOf, type Key, stateAt, toCredential } from "../../src/credential/key.ts";

const { expiresMs, rotateAfterMs } = limits.credential;
const kid = "key" as KeyId;
const key: Key = {
  robotId: "robot" as RobotId,
  kid,
  state: "active",
  publicKey: { kty: "OKP", crv: "Ed25519", x: "x" } as Key["publicKey"],
  registeredAt: 1_000,
  registeredBy: "owner",
};

describe("a key's state", () => {
  test.each([
    ["retiring", 2_000, 1_999, "retiring"],
    ["retiring", 2_000, 2_000, "retired"],
    ["retiring", undefined, 0, "retired"],
    ["active", 2_000, 2_001, "active"],
    ["revoked", 2_000, 1_999, "revoked"],
  ] as const)("%s until %s is at %i %s [K2, K3]", (state, retiresAt, now, is) => {
    expect(stateAt({ state, retiresAt }, now)).toBe(is);
  });
});

describe("a key's dates", () => {
  test("count from when it became active, or from when it was registered [K8]", () => {
    const since = (from: number) => ({ kid, rotateAfter: from + rotateAfterMs, expiresAt: from + expiresMs });
    expect(datesOf(key)).toEqual(since(1_000));
    expect(datesOf({ ...key, activatedAt: 5_000 })).toEqual(since(5_000));
  });

  test.each([
    ["before its date", 9_000, 9_000],
    ["after it", 1_000 + expiresMs + 1, 1_000 + expiresMs],
    ["at no instant that is known", undefined, 1_000 + expiresMs],
  ])("of one that retires %s end with the first of the two [K3, K8]", (_, retiresAt, expiresAt) => {
    expect(datesOf({ ...key, state: "retiring", retiresAt })).toMatchObject({ expiresAt });
    expect(datesOf({ ...key, retiresAt })).toMatchObject({ expiresAt: 1_000 + expiresMs });
  });
});

test("a key is told with what is known of it, and without what is not", () => {
  const told = { kid, state: "active", registeredAt: 1_000, registeredBy: "owner" };
  expect(toCredential(key, 0)).toStrictEqual(told);
  const all = { ...key, activatedAt: 1, provedAt: 2, instance: "ins_aaaaaaaa" as never, retiresAt: 4, replaces: "old" as KeyId };
  const more = { activatedAt: 1, lastProvedAt: 2, lastInstance: "ins_aaaaaaaa", retiresAt: 4, replaces: "old" };
  expect(toCredential({ ...all, state: "retiring" }, 4)).toStrictEqual({ ...told, ...more, state: "retired" });
});
