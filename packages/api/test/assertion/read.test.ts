import { test as property } from "@fast-check/vitest";
import { isProblem } from "@tether/protocol/problem";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readAssertion } from "../../src/assertion/read.ts";
import { audience, createEd25519Robot, createP256Robot, now, part, robotId } from "./robot.ts";

const robot = createEd25519Robot();
const invalid = (...fields: string[]) => ({ problem: "assertion.invalid", ...(fields.length > 0 ? { fields } : {}) });

test.each([robot, createP256Robot()])("an assertion by an $alg key is read, its instants in milliseconds [A2]", ({ assertion, kid }) => {
  expect(readAssertion(assertion())).toEqual({
    robotId,
    kid,
    jti: "a1",
    audience,
    issuedAt: now,
    notBefore: now,
    expiresAt: now + 60_000,
  });
});

test.each<[string, Record<string, unknown>, Record<string, unknown>, string[]]>([
  ["no exp", { exp: undefined }, {}, ["exp"]],
  ["no iat", { iat: undefined }, {}, ["iat"]],
  ["no jti", { jti: undefined }, {}, ["jti"]],
  ["an empty jti", { jti: "" }, {}, ["jti"]],
  ["a jti of 129 characters", { jti: "j".repeat(129) }, {}, ["jti"]],
  ["no audience", { aud: undefined }, {}, ["aud"]],
  ["two audiences", { aud: [audience, "https://other.example"] }, {}, ["aud"]],
  ["no issuer", { iss: undefined }, {}, ["iss"]],
  ["no subject", { sub: undefined }, {}, ["sub"]],
  ["a subject that is not its issuer", { sub: "rob_01JD3M8V6Z0000000000000001" }, {}, ["sub"]],
  ["an issuer that is no robot", { iss: "someone", sub: "someone" }, {}, ["iss", "sub"]],
  ["an exp at its iat", { exp: now / 1000 }, {}, ["exp"]],
  ["no kid", {}, { kid: undefined }, ["kid"]],
  ["a kid that is no thumbprint", {}, { kid: "key-1" }, ["kid"]],
  ["no algorithm", {}, { alg: undefined }, ["alg"]],
  ["the algorithm none", {}, { alg: "none" }, ["alg"]],
  ["a shared secret's algorithm", {}, { alg: "HS256" }, ["alg"]],
  ["RSA's algorithm", {}, { alg: "RS256" }, ["alg"]],
  ["another type", {}, { typ: "at+jwt" }, ["typ"]],
  ["something critical", {}, { crit: ["b64"], b64: false }, ["crit"]],
])("an assertion with %s is refused, naming the field [A2.1]", (_name, claims, header, fields) => {
  expect(readAssertion(robot.assertion(claims, header))).toEqual(invalid(...fields));
});

test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
  ["a jti of 128 characters", { jti: "j".repeat(128) }, {}],
  ["its audience in a list of one", { aud: [audience] }, {}],
  ["no type", {}, { typ: undefined }],
  ["claims and header fields we do not know", { color: "red" }, { x: 1 }],
])("an assertion with %s is read", (_name, claims, header) => {
  expect(readAssertion(robot.assertion(claims, header))).toMatchObject({ robotId, audience });
});

test("an assertion may have 4 KB, and no byte more", () => {
  const whole = robot.assertion({ pad: "" });
  // Three characters of padding are four of base64url.
  const room = Math.floor(((4_096 - whole.length) * 3) / 4);
  const fitting = [0, 1, 2, 3].map((less) => robot.assertion({ pad: "x".repeat(room - less) })).find((jwt) => jwt.length <= 4_096) ?? "";
  expect(fitting.length).toBeGreaterThan(4_090);
  const [header, payload, signature = ""] = fitting.split(".");
  const longer = (length: number) => `${header}.${payload}.${signature.padEnd(signature.length + length - fitting.length, "A")}`;
  expect(readAssertion(longer(4_096))).toMatchObject({ robotId });
  expect(readAssertion(longer(4_097))).toEqual(invalid());
});

test.each(["", "a", "a.b", "a.b.c.d", "..", `${part({})}.${part([])}.A`, "é.é.é"])("%j is no assertion", (jwt) => {
  expect(readAssertion(jwt)).toEqual(invalid());
});

property.prop([
  fc.oneof(
    fc.string({ unit: "binary" }),
    fc.tuple(fc.json(), fc.json(), fc.string()).map((three) => three.map(part).join(".")),
  ),
])("whatever is given for an assertion gets assertion.invalid", (jwt) => {
  const read = readAssertion(jwt);
  expect(isProblem(read) && read.problem).toBe("assertion.invalid");
});
