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
  const { payload } = await jwtVerify(seal(ring, claims), ring[0].secret, { currentDate: new Date(start) });
  expect(payload).toMatchObject({ jti: "tkt_1", epoch: 1 });
});

test("a key ring is read newest first, and weak secrets are refused", () => {
  const secret = Buffer.alloc(32, 7).toString("base64url");
  expect(parseKeyRing(`b:${secret},a:${secret}`).map(({ id }) => id)).toEqual(["b", "a"]);
  expect(() => parseKeyRing("a:c2hvcnQ")).toThrow("32 bytes");
  expect(() => parseKeyRing("")).toThrow();
});
