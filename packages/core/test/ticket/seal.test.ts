import type { ClientSessionId } from "@tether/protocol/id";
import fc from "fast-check";
import { jwtVerify } from "jose";
import { expect, test } from "vitest";
import type { Claims } from "../../src/ticket/claims.ts";
import { type KeyRing, parseKeyRing, seal, unseal } from "../../src/ticket/index.ts";
import { robotId, start } from "../machine/session/arbitrary.ts";

const ring: KeyRing = [
  { id: "new", secret: new Uint8Array(32).fill(1) },
  { id: "old", secret: new Uint8Array(32).fill(2) },
];
const claims: Claims = {
  jti: "tkt_1",
  use: "connect",
  kind: "client",
  robotId,
  sessionId: "cse_01JD00000000000000000000C0" as ClientSessionId,
  principal: { type: "user", id: "sub", role: "operator", by: "sub:sub", issuedAt: start },
  epoch: 1,
  renewals: 0,
  graceMs: 120_000,
  authExpiresAt: start + 1_000,
  exp: start / 1000 + 60,
};
const at = (now: number, keys = ring) => ({ ring: keys, clock: { now: () => now } });

test("a ticket is good until the second it expires in, for its purpose only [T2, T5]", () => {
  const ticket = seal(ring, claims);
  expect(unseal(at(start), ticket, "connect")).toEqual(claims);
  expect(unseal(at(start + 59_999), ticket, "connect")).toEqual(claims);
  expect(unseal(at(start + 60_000), ticket, "connect")).toEqual({ problem: "ticket.expired" });
  expect(unseal(at(start), ticket, "renew")).toEqual({ problem: "ticket.purpose" });
});

test("a ticket of the old key is good while the ring has it [T2]", () => {
  const [fresh, old] = ring as unknown as [KeyRing[0], KeyRing[0]];
  const ticket = seal([old], claims);
  expect(unseal(at(start), ticket, "connect")).toEqual(claims);
  expect(unseal(at(start, [fresh]), ticket, "connect")).toEqual({ problem: "ticket.invalid" });
});

test("a ticket with any character changed is refused [T2]", () => {
  const ticket = seal(ring, claims);
  fc.assert(
    fc.property(fc.nat(ticket.length - 1), fc.constantFrom(..."ABCDwxyz0189-_."), (index, letter) => {
      fc.pre(ticket[index] !== letter);
      const altered = ticket.slice(0, index) + letter + ticket.slice(index + 1);
      expect(unseal(at(start), altered, "connect")).toEqual({ problem: "ticket.invalid" });
    }),
  );
});

test("text that is no ticket is refused, whatever it is [T2]", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(unseal(at(start), text, "connect")).toEqual({ problem: "ticket.invalid" });
    }),
  );
});

test("a ticket is a JWS that any library verifies", async () => {
  const { payload, protectedHeader } = await jwtVerify(seal(ring, claims), ring[0].secret, { currentDate: new Date(start) });
  expect(payload).toMatchObject({ jti: "tkt_1", epoch: 1 });
  expect(protectedHeader).toEqual({ alg: "HS256", kid: "new", typ: "tether-ticket" });
});

test.each([
  ["epoch", 0],
  ["epoch", 1.5],
  ["renewals", -1],
  ["use", "enrol"],
  ["kind", "console"],
  ["robotId", "rover"],
  ["sessionId", "tab"],
  ["jti", 1],
  ["graceMs", "long"],
  ["authExpiresAt", 0.5],
  ["exp", undefined],
  ["principal", { type: "robot", kid: "short" }],
  ["principal", { type: "user", id: "sub", role: "admin", by: "sub:sub", issuedAt: start }],
  ["principal", { type: "user", id: "sub", role: "viewer", by: 1, issuedAt: start }],
  ["principal", { type: "user", id: "sub", role: "viewer", by: "sub:sub" }],
  ["principal", { type: "anyone" }],
])("a ticket of another version, whose %s is %j, is refused though it is sealed [T2]", (name, value) => {
  const other = { ...claims, [name]: value } as Claims;
  expect(unseal(at(start), seal(ring, other), "connect")).toEqual({ problem: "ticket.invalid" });
});

test("a robot's renew ticket says what it was sealed with [T2, T5]", () => {
  const kid = "A".repeat(43) as never;
  const robots: Claims = { ...claims, use: "renew", kind: "robot", principal: { type: "robot", kid }, renewals: 3 };
  expect(unseal(at(start), seal(ring, robots), "renew")).toEqual(robots);
  const named: Claims = { ...claims, principal: { ...claims.principal, name: "Oscar" } as Claims["principal"] };
  expect(unseal(at(start), seal(ring, named), "connect")).toEqual(named);
});

test("a ticket with a part more or less is refused [T2]", () => {
  const ticket = seal(ring, claims);
  for (const text of [`${ticket}.`, `${ticket}.more`, ticket.split(".").slice(0, 2).join("."), ""])
    expect(unseal(at(start), text, "connect")).toEqual({ problem: "ticket.invalid" });
});

test("a key ring is read newest first, and weak secrets are refused", () => {
  const secret = Buffer.alloc(32, 7).toString("base64url");
  expect(parseKeyRing(`b:${secret},a:${secret}`).map(({ id }) => id)).toEqual(["b", "a"]);
  expect(() => parseKeyRing("a:c2hvcnQ")).toThrow("32 bytes");
  expect(() => parseKeyRing("")).toThrow();
});

test("a key's name is of 1 to 32 letters that need no quoting, and its secret of 32 bytes or more", () => {
  const secret = Buffer.alloc(32, 7).toString("base64url");
  for (const id of ["a", "A-z_0".padEnd(32, "9")]) expect(parseKeyRing(` ${id}:${secret} `)[0].id).toBe(id);
  for (const id of ["", "a".repeat(33), "a b", "!a", "a!"]) expect(() => parseKeyRing(`${id}:${secret}`)).toThrow("32 bytes");
  expect(parseKeyRing(`a:${secret}`)[0].secret).toEqual(Buffer.alloc(32, 7));
  expect(() => parseKeyRing(`a:${Buffer.alloc(31, 7).toString("base64url")}`)).toThrow("32 bytes");
  expect(() => parseKeyRing("a")).toThrow("32 bytes");
});
