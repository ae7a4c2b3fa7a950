import { createHmac } from "node:crypto";
import { test as property } from "@fast-check/vitest";
import { isProblem } from "@tether/protocol/problem";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createVerifier } from "../../src/caller/verifier.ts";
import { clientId, createIssuer, now } from "./issuer.ts";

const second = 1_000;
const [expired, invalid] = [{ problem: "auth.expired" }, { problem: "auth.invalid" }];

test("a token's claims become the caller", async () => {
  const issuer = await createIssuer();
  const verifier = createVerifier(issuer.settings, issuer);
  const person = { email: "Ann@Example.org", email_verified: true, name: "Ann", "cognito:groups": ["admins"] };
  expect(await verifier.verify(await issuer.sign(person))).toEqual({
    sub: "u-1",
    groups: ["admins"],
    email: "ann@example.org",
    name: "Ann",
    issuedAt: now,
    expiresAt: now + 3_600 * second,
    tokenUse: "access",
  });
  expect(await verifier.verify(await issuer.sign({ token_use: "id", aud: clientId }))).toEqual({
    sub: "u-1",
    groups: [],
    issuedAt: now,
    expiresAt: now + 3_600 * second,
    tokenUse: "id",
  });
});

test("an address that is not verified, or is no text, is not the caller's", async () => {
  const issuer = await createIssuer();
  const verifier = createVerifier(issuer.settings, issuer);
  for (const email_verified of [undefined, false, "false", 1]) {
    expect(await verifier.verify(await issuer.sign({ email: "ann@example.org", email_verified }))).not.toHaveProperty("email");
  }
  const odd = await verifier.verify(await issuer.sign({ email: ["a@b.c"], email_verified: true, name: 7 }));
  expect(odd).toMatchObject({ sub: "u-1" });
  expect(odd).not.toHaveProperty("email");
  expect(odd).not.toHaveProperty("name");
});

test("a name is cut and made well-formed, and an address is folded from A to Z only [A12]", async () => {
  const issuer = await createIssuer();
  const verifier = createVerifier(issuer.settings, issuer);
  const claims = { name: `Vera \ud800${"x".repeat(300)}`, email: "\u212aELVIN@example.org", email_verified: true };
  const caller = await verifier.verify(await issuer.sign(claims));
  expect(caller).toMatchObject({ name: `Vera \ufffd${"x".repeat(194)}`, email: "\u212aelvin@example.org" });
  expect(await verifier.verify(await issuer.sign({ email: "a\ud800@b.c", email_verified: true }))).not.toHaveProperty("email");
});

test.each([
  ["a moment before it is over", {}, 3_600 * second - 1, undefined],
  ["at the moment it is over", {}, 3_600 * second, expired],
  ["issued 60 s ahead of us", { iat: now / 1000 + 60 }, 0, undefined],
  ["issued more than 60 s ahead of us", { iat: now / 1000 + 60 }, -1, invalid],
  ["for use from 60 s ahead of us", { nbf: now / 1000 + 60 }, 0, undefined],
  ["for use from more than 60 s ahead of us", { nbf: now / 1000 + 60 }, -1, invalid],
  ["without exp", { exp: undefined }, 0, invalid],
  ["without iat", { iat: undefined }, 0, invalid],
  ["with an exp in words", { exp: "2031-01-01" }, 0, invalid],
  ["without a subject", { sub: undefined }, 0, invalid],
  ["with a subject of 128 characters", { sub: "s".repeat(128) }, 0, undefined],
  ["with a subject of 129 characters", { sub: "s".repeat(129) }, 0, invalid],
  ["with groups that are no list", { "cognito:groups": "admins" }, 0, invalid],
  ["of another issuer", { iss: "https://id.example/other" }, 0, invalid],
  ["without an issuer", { iss: undefined }, 0, invalid],
])("a token %s is judged by the given clock", async (_name, claims, later, refused) => {
  const issuer = await createIssuer();
  const verifier = createVerifier(issuer.settings, issuer);
  issuer.time.at = now + later;
  const result = await verifier.verify(await issuer.sign(claims));
  expect(isProblem(result) ? result : undefined).toEqual(refused);
});

test.each([
  ["an access token of our client", { client_id: clientId }, undefined, "access"],
  ["an access token of our client by azp", { client_id: undefined, azp: clientId }, undefined, "access"],
  ["an access token of another client", { client_id: "other" }, undefined, undefined],
  ["an access token of nobody", { client_id: undefined }, undefined, undefined],
  ["an access token for this API", { client_id: "other", aud: ["x", "urn:api"] }, "urn:api", "access"],
  ["an access token of our client for another API", { aud: "urn:other" }, "urn:api", undefined],
  ["an access token of our client for no API", {}, "urn:api", "access"],
  ["an ID token of our client", { token_use: "id", aud: clientId }, "urn:api", "id"],
  ["an ID token that says so only by aud", { token_use: undefined, aud: [clientId] }, undefined, "id"],
  ["an ID token of another client", { token_use: "id", aud: "other" }, undefined, undefined],
  ["an ID token given to another party", { token_use: "id", aud: [clientId, "other"], azp: "other" }, undefined, undefined],
  ["a token of an unknown use", { token_use: "refresh" }, undefined, undefined],
])("of a service, %s [A9.2]", async (_name, claims, audience, use) => {
  const issuer = await createIssuer();
  const verifier = createVerifier({ ...issuer.settings, ...(audience ? { audience } : {}) }, issuer);
  const result = await verifier.verify(await issuer.sign(claims));
  expect(result).toMatchObject(use ? { tokenUse: use } : invalid);
});

test.each(["", "issuer-"])("a Cognito pool's tokens are taken, its issuer written https://%scognito-idp…", async (form) => {
  const pool = `https://${form}cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Abc123`;
  const issuer = await createIssuer(pool, "RS256");
  for (const settled of [issuer.settings.issuer, "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Abc123"]) {
    const verifier = createVerifier({ ...issuer.settings, issuer: settled }, issuer);
    expect(await verifier.verify(await issuer.sign())).toMatchObject({ tokenUse: "access" });
    expect(await verifier.verify(await issuer.sign({ token_use: "id", aud: clientId }))).toMatchObject({ tokenUse: "id" });
    expect(await verifier.verify(await issuer.sign({ client_id: "other" }))).toEqual(invalid);
    expect(await verifier.verify(await issuer.sign({ token_use: undefined }))).toEqual(invalid);
    expect(await verifier.verify(await issuer.sign({ iss: `${pool}4` }))).toEqual(invalid);
    issuer.time.at = now + 3_600 * second;
    expect(await verifier.verify(await issuer.sign())).toEqual(expired);
    issuer.time.at = now;
  }
  expect(new Set(issuer.asked)).toEqual(new Set([`${pool}/.well-known/jwks.json`]));
});

test("an altered token, one without a signature, and one signed with the public key as a secret are refused", async () => {
  const issuer = await createIssuer();
  const verifier = createVerifier(issuer.settings, issuer);
  const [header = "", payload = "", signature = ""] = (await issuer.sign()).split(".");
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const admin = part({ ...JSON.parse(Buffer.from(payload, "base64url").toString()), "cognito:groups": ["admins"] });
  expect(await verifier.verify(`${header}.${admin}.${signature}`)).toEqual(invalid);
  expect(await verifier.verify(`${part({ alg: "none", kid: "key-1" })}.${admin}.AAAA`)).toEqual(invalid);
  const signed = `${part({ alg: "HS256", kid: "key-1" })}.${admin}`;
  const forged = createHmac("sha256", JSON.stringify(issuer.jwks[0])).update(signed).digest("base64url");
  expect(await verifier.verify(`${signed}.${forged}`)).toEqual(invalid);
  expect(await verifier.verify(`${header}.${payload}.${signature}`)).toMatchObject({ sub: "u-1" });
});

test("tokens of another issuer, or longer than a header can be, cost no fetch", async () => {
  const issuer = await createIssuer();
  const verifier = createVerifier(issuer.settings, issuer);
  expect(await verifier.verify(await issuer.sign({ iss: "https://elsewhere.example" }))).toEqual(invalid);
  expect(await verifier.verify(await issuer.sign({ pad: "x".repeat(10_000) }))).toEqual(invalid);
  expect(issuer.asked).toEqual([]);
  expect(await verifier.verify(await issuer.sign({ pad: "x".repeat(7_000) }))).toMatchObject({ sub: "u-1" });
});

test("an issuer or keys at http addresses are refused unless allowed", async () => {
  const issuer = await createIssuer("http://127.0.0.1:1/identity");
  expect(() => createVerifier(issuer.settings, issuer)).toThrow("https");
  const keys = { ...issuer.settings, issuer: "https://id.example", jwksUri: "http://id.example/jwks" };
  expect(() => createVerifier(keys, issuer)).toThrow("https");
  const verifier = createVerifier({ ...issuer.settings, allowHttp: true }, issuer);
  expect(await verifier.verify(await issuer.sign())).toMatchObject({ sub: "u-1" });
  expect(issuer.asked).toEqual(["http://127.0.0.1:1/identity/keys"]);
});

const shared = await createIssuer();
const strict = createVerifier(shared.settings, shared);
const parts = fc.array(
  fc.oneof(
    fc.string(),
    fc.json().map((json) => Buffer.from(json).toString("base64url")),
  ),
  { maxLength: 4 },
);

property.prop([
  fc.oneof(
    fc.string({ unit: "binary" }),
    parts.map((some) => some.join(".")),
  ),
])("whatever is given for a token gets auth.invalid", async (token) => {
  expect(await strict.verify(token)).toEqual(invalid);
});
