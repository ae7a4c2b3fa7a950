import { expect, test } from "vitest";
import { createVerifier } from "../../src/caller/verifier.ts";
import { createIssuer, now } from "./issuer.ts";

const unavailable = { problem: "unavailable" };
const day = 24 * 3_600_000;

test.each([
  ["Keycloak", "https://id.example/realms/robots", "/protocol/openid-connect/certs"],
  ["Okta", "https://acme.okta.example/oauth2/default", "/v1/keys"],
  ["Entra", "https://login.microsoft.example/1b2c/v2.0", "/../discovery/v2.0/keys"],
  ["Auth0, whose name ends with a slash", "https://acme.auth0.example/", ".well-known/jwks.json"],
  ["Google", "https://accounts.google.example", "/oauth2/v3/certs"],
])("an issuer like %s is asked where its keys are, with one request beside that for them", async (_, name, keys) => {
  const issuer = await createIssuer(name);
  const jwksUri = new URL(`${name}${keys}`).href;
  issuer.metadata = () => Response.json({ issuer: name, jwks_uri: jwksUri });
  const verifier = createVerifier(issuer.settings, issuer);
  const token = await issuer.sign();
  const results = await Promise.all([verifier.verify(token), verifier.verify(token), verifier.verify(token)]);
  for (const result of results) expect(result).toMatchObject({ sub: "u-1" });
  expect([issuer.discovered, issuer.asked]).toEqual([1, [jwksUri]]);
});

test.each<[string, () => Response | Promise<Response>]>([
  ["cannot be reached", () => Promise.reject(new TypeError("fetch failed"))],
  ["fails", () => new Response("", { status: 500 })],
  ["is a page", () => new Response("<html>")],
  ["names no keys", () => Response.json({ issuer: "https://id.example/pool" })],
  ["is another issuer's", () => Response.json({ issuer: "https://evil.example", jwks_uri: "https://evil.example/keys" })],
  [
    "has keys at an address that is not https",
    () => Response.json({ issuer: "https://id.example/pool", jwks_uri: "http://id.example/keys" }),
  ],
])("metadata that %s make the answer `unavailable` for a second, and are then asked for again [A4]", async (_, metadata) => {
  const issuer = await createIssuer();
  const verifier = createVerifier(issuer.settings, issuer);
  const well = issuer.metadata;
  issuer.metadata = metadata;
  expect(await verifier.verify(await issuer.sign())).toEqual(unavailable);
  issuer.metadata = well;
  issuer.time.at = now + 999;
  expect(await verifier.verify(await issuer.sign())).toEqual(unavailable);
  expect([issuer.discovered, issuer.asked]).toEqual([1, []]);
  issuer.time.at = now + 1_000;
  expect(await verifier.verify(await issuer.sign())).toMatchObject({ sub: "u-1" });
});

test("keys that moved are found a day later; metadata that are out of reach then leave the old ones good", async () => {
  const issuer = await createIssuer();
  const verifier = createVerifier(issuer.settings, issuer);
  const long = { exp: now / 1000 + 10 * 86_400 };
  const token = await issuer.sign(long);
  await verifier.verify(token);
  issuer.metadata = () => Promise.reject(new TypeError("fetch failed"));
  issuer.time.at = now + day;
  expect(await verifier.verify(token)).toMatchObject({ sub: "u-1" });
  issuer.metadata = () => Response.json({ issuer: issuer.settings.issuer, jwks_uri: "https://keys.example/moved" });
  issuer.time.at = now + day + 1_000;
  expect(await verifier.verify(token)).toMatchObject({ sub: "u-1" });
  expect(issuer.asked.at(-1)).toBe("https://keys.example/moved");
});

test("a token of another issuer causes no request", async () => {
  const issuer = await createIssuer();
  const verifier = createVerifier(issuer.settings, issuer);
  expect(await verifier.verify(await issuer.sign({ iss: "https://elsewhere.example" }))).toEqual({ problem: "auth.invalid" });
  expect([issuer.discovered, issuer.asked]).toEqual([0, []]);
});

test.each([
  [
    "Keycloak's roles",
    { groups: "realm_access.roles", admins: "robot-admins" },
    { realm_access: { roles: ["x", "robot-admins"] } },
    ["x", "admins"],
  ],
  [
    "Auth0's, whose name is an address",
    { groups: "https://acme.example/groups" },
    { "https://acme.example/groups": ["admins"] },
    ["admins"],
  ],
  ["Entra's, whose names are ids", { groups: "groups", admins: "6f1c-42" }, { groups: ["6f1c-42"] }, ["admins"]],
  ["a group that only happens to be called admins", { groups: "groups", admins: "robot-admins" }, { groups: ["admins"] }, []],
  ["a claim that is not there", { groups: "groups" }, {}, []],
  ["a path into what is no object", { groups: "sub.length" }, {}, []],
])("groups: %s", async (_, claims, said, groups) => {
  const issuer = await createIssuer();
  const verifier = createVerifier({ ...issuer.settings, claims }, issuer);
  expect(await verifier.verify(await issuer.sign(said))).toMatchObject({ groups });
});

test.each([
  ["email_verified", { email_verified: true }, true],
  ["email_verified", { email_verified: "true" }, true],
  ["email_verified", {}, false],
  ["xms_edov", { xms_edov: true }, true],
  ["xms_edov", { email_verified: true }, false],
  ["always", {}, true],
  ["always", { email_verified: false }, false],
  ["always", { email_verified: "false" }, false],
])("verified by %s, an address of a token that says %j: %s", async (verified, said, isTaken) => {
  const issuer = await createIssuer();
  const verifier = createVerifier({ ...issuer.settings, claims: { verified } }, issuer);
  const caller = await verifier.verify(await issuer.sign({ email: "ann@example.org", ...said }));
  expect("email" in caller).toBe(isTaken);
});
