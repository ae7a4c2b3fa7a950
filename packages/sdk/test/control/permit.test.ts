import type { ControlPermit } from "@tether/protocol/control";
import { describe, expect, test } from "vitest";
import { importKeys, verifyPermit } from "../../src/control/permit.ts";
import { ada, robot } from "./rig.ts";
import { createBrokerKey } from "./signing.ts";

const key = createBrokerKey();
const dated = { issuedAt: 1, expiresAt: 2, deadmanMs: 500, maxAgeMs: 500 };
const permit: ControlPermit = { robot, session: ada, user: "user", epoch: 3, ...dated };
const p256 = { kty: "EC", crv: "P-256", x: "x".repeat(43), y: "y".repeat(43) } as const;

describe("a permit's signature", () => {
  test("holds by any of the keys that welcome gave [R1]", async () => {
    const older = createBrokerKey("key-0");
    const keys = await importKeys([key, { kid: "ec", key: p256 }, older]);
    expect(keys.map(({ kid }) => kid)).toEqual(["key-1", "key-0"]);
    expect(await verifyPermit(keys, key.sign(permit))).toEqual(permit);
    expect(await verifyPermit(keys, older.sign(permit))).toEqual(permit);
  });

  const [header = "", payload = "", signature = ""] = key.sign(permit).split(".");
  const [, other = ""] = key.sign({ ...permit, epoch: 4 }).split(".");
  test.each([
    ["what it signs was changed", [header, other, signature].join(".")],
    ["the signature was changed", [header, payload, `${signature.startsWith("A") ? "B" : "A"}${signature.slice(1)}`].join(".")],
    ["another key made it under the same name", createBrokerKey().sign(permit)],
    ["no key has its name", key.sign(permit, { kid: "other" })],
    ["it is of another type", key.sign(permit, { typ: "JWT" })],
    ["it names no algorithm", key.sign(permit, { alg: "none" })],
    ["something in it is critical", key.sign(permit, { crit: ["b64"], b64: true })],
    ["it names another algorithm", key.sign(permit, { alg: "HS256" })],
    ["it does not say all that a permit says", key.sign({ ...permit, epoch: undefined })],
    ["it has a part too many", `${key.sign(permit)}.x`],
    ["it is no base64url", key.sign(permit).replace(/\.[^.]*$/, ".=")],
    ["it is nothing", ""],
  ])("does not hold where %s [R1, R1.1]", async (_, text) => {
    expect(await verifyPermit(await importKeys([key]), text)).toBeUndefined();
  });
});
