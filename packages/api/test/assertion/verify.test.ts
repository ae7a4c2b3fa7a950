import { sign } from "node:crypto";
import { test as property } from "@fast-check/vitest";
import { isProblem } from "@tether/protocol/problem";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isSignedBy, verifyAssertion } from "../../src/assertion/verify.ts";
import { audience, createEd25519Robot, createP256Robot, hmac, now, part, robotId } from "./robot.ts";

const second = 1_000;
const at = now / second;

function env(later = 0) {
  return { audience, clock: { now: () => now + later } };
}

function refused(result: unknown): string | undefined {
  return isProblem(result) ? result.problem : undefined;
}

describe.each([createEd25519Robot(), createP256Robot()])("with an $alg key", (robot) => {
  const other = robot.alg === "EdDSA" ? createEd25519Robot() : createP256Robot();
  const otherKind = robot.alg === "EdDSA" ? createP256Robot() : createEd25519Robot();

  test("an assertion signed by the robot's key is taken [A2]", () => {
    expect(verifyAssertion(robot.assertion(), robot.key, env())).toBeUndefined();
  });

  test("one signed by another key, or altered, is not of this robot's key", () => {
    expect(verifyAssertion(robot.assertion(), other.key, env())).toEqual({ problem: "assertion.key" });
    expect(verifyAssertion(robot.assertion(), otherKind.key, env())).toEqual({ problem: "assertion.key" });
    const [header, payload, signature = ""] = robot.assertion().split(".");
    const [, changed] = robot.assertion({ jti: "a2" }).split(".");
    expect(verifyAssertion(`${header}.${changed}.${signature}`, robot.key, env())).toEqual({ problem: "assertion.key" });
    for (const cut of [signature.slice(0, 40), "AA", `${signature}AAAA`]) {
      expect(verifyAssertion(`${header}.${payload}.${cut}`, robot.key, env())).toEqual({ problem: "assertion.key" });
    }
  });

  test("the header cannot choose the other algorithm", () => {
    expect(verifyAssertion(robot.assertion({}, { alg: otherKind.alg }), robot.key, env())).toEqual({ problem: "assertion.key" });
  });

  test("no signature, or the public key as a shared secret, is no assertion at all", () => {
    const payload = robot.assertion().split(".")[1];
    const none = `${part({ alg: "none", kid: robot.kid })}.${payload}`;
    const shared = `${part({ alg: "HS256", kid: robot.kid })}.${payload}`;
    const pem = robot.publicKey.export({ format: "pem", type: "spki" }).toString();
    for (const forged of [
      `${none}.`,
      `${none}.AAAA`,
      `${shared}.${hmac(pem, shared)}`,
      `${shared}.${hmac(JSON.stringify(robot.key), shared)}`,
    ]) {
      expect(refused(verifyAssertion(forged, robot.key, env()))).toBe("assertion.invalid");
    }
  });

  test.each([
    [audience, undefined],
    [`${audience}/`, "assertion.audience"],
    ["https://api.example.evil", "assertion.audience"],
    ["", "assertion.audience"],
  ])("made for %j it is answered %s [A2]", (aud, problem) => {
    expect(refused(verifyAssertion(robot.assertion({ aud }), robot.key, env()))).toBe(problem);
  });
});

const robot = createEd25519Robot();

test("a P-256 key's signature in another encoding does not pass for EdDSA", () => {
  const { key, privateKey, assertion } = createP256Robot();
  const signed = assertion({}, { alg: "EdDSA" }).split(".").slice(0, 2).join(".");
  // The digest that crypto.verify takes for an EC key when none is named.
  const der = sign("sha256", Buffer.from(signed), privateKey).toString("base64url");
  expect(verifyAssertion(`${signed}.${der}`, key, env())).toEqual({ problem: "assertion.key" });
});

test.each<[string, Record<string, unknown>, number, string | undefined]>([
  ["lives 60 s", { exp: at + 60 }, 0, undefined],
  ["lives a millisecond more", { exp: at + 60.001 }, 0, "assertion.lifetime"],
  ["lives a day and is over", { exp: at + 86_400 }, 90_000 * second, "assertion.lifetime"],
  ["comes from 30 s ahead", { iat: at + 30, exp: at + 90 }, 0, undefined],
  ["comes from more than 30 s ahead", { iat: at + 30, exp: at + 90 }, -1, "assertion.clock"],
  ["is for use from 30 s ahead", { nbf: at + 30 }, 0, undefined],
  ["is for use from more than 30 s ahead", { nbf: at + 30 }, -1, "assertion.clock"],
  ["is a moment from its end", {}, 60 * second - 1, undefined],
  ["is at its end, signed 60 s ago", {}, 60 * second, "assertion.clock"],
  ["was signed hours ago", {}, 3 * 3_600 * second, "assertion.clock"],
  ["is a moment from its end after 30 s", { exp: at + 30 }, 30 * second - 1, undefined],
  ["is at its end after 30 s", { exp: at + 30 }, 30 * second, "assertion.expired"],
  ["is past its end after more than 30 s", { exp: at + 30 }, 30 * second + 1, "assertion.clock"],
  ["lived 1 s and is 2 s old", { exp: at + 1 }, 2 * second, "assertion.expired"],
  ["has an end beyond numbers", { iat: 1e306, exp: 1.5e308 }, 0, "assertion.clock"],
])("an assertion that %s is judged by the given clock [A2.2]", (_name, claims, later, problem) => {
  expect(refused(verifyAssertion(robot.assertion(claims), robot.key, env(later)))).toBe(problem);
});

test.each([
  ["without exp", { exp: undefined }],
  ["without iat", { iat: undefined }],
  ["without jti", { jti: undefined }],
  ["of two robots", { iss: "rob_01JD3M8V6Z0000000000000001", sub: robotId }],
])("an assertion %s is invalid however well it is signed", (_name, claims) => {
  expect(refused(verifyAssertion(robot.assertion(claims), robot.key, env()))).toBe("assertion.invalid");
});

test("what is wrong is told only to who holds the key", () => {
  const stranger = createEd25519Robot();
  for (const claims of [{ aud: "x" }, { exp: at + 600 }, { iat: at + 900, exp: at + 960 }]) {
    expect(refused(verifyAssertion(stranger.assertion(claims), robot.key, env()))).toBe("assertion.key");
  }
});

const day = 86_400;

property.prop([
  fc.oneof(fc.integer({ min: -120, max: 120 }), fc.integer({ min: -400 * day, max: 400 * day })),
  fc.integer({ min: 0, max: 15 }),
])(
  "a robot whose clock is off by whatever gets in at once, or once more after it corrected by serverTime [E6]",
  (offSeconds, linkSeconds) => {
    const serverTime = now + linkSeconds * second;
    const signedAt = (offset: number) => robot.assertion({ iat: at + offset, exp: at + offset + 60 });
    const first = refused(verifyAssertion(signedAt(offSeconds), robot.key, env(linkSeconds * second)));
    expect([undefined, "assertion.clock"]).toContain(first);
    // The robot takes the answer's serverTime for now; the way there and back makes its clock late by the network's delay.
    const again = robot.assertion({ iat: serverTime / second, exp: serverTime / second + 60 });
    if (first) expect(verifyAssertion(again, robot.key, env(3 * linkSeconds * second))).toBeUndefined();
  },
);

test("what fails while a signature is checked is no word about the robot's key, which would keep it down for good", () => {
  const robot = createEd25519Robot();
  const failing = () => {
    throw new RangeError("out of memory");
  };
  expect(() => isSignedBy(robot.key, robot.assertion(), failing)).toThrow(RangeError);
  expect(isSignedBy({ ...createP256Robot().key, y: "AA" } as never, robot.assertion())).toBe(false);
  expect(isSignedBy(robot.key, "a.b.c")).toBe(false);
});
