import { decodeJwt, decodeProtectedHeader } from "jose";
import { expect, test } from "vitest";
import type { Keep } from "../../src/identity/keys.ts";
import { users } from "../../src/identity/user.ts";
import { createVerifier, start } from "./rig.ts";

/** A data directory of one value, through JSON as a file would. */
function createKeep(first?: unknown): Keep {
  let value = JSON.stringify(first);
  return {
    load: async () => (value === undefined ? undefined : JSON.parse(value)),
    async save(next) {
      value = JSON.stringify(next);
    },
  };
}

test("it answers only under its issuer's path, where discovery finds all of it", async () => {
  await using rig = await start();
  const text = async (path: string) => (await fetch(rig.origin + path)).text();
  expect(await text("/")).toBe("elsewhere");
  expect(await text("/identity-card")).toBe("elsewhere");
  expect(await text("/v1/health?of=/identity/")).toBe("elsewhere");
  const found = JSON.parse(await text("/identity/.well-known/openid-configuration"));
  expect(found.issuer).toBe(`${rig.origin}/identity`);
  expect(found.jwks_uri).toBe(rig.identity.jwksUri);
  for (const name of ["authorization_endpoint", "token_endpoint", "end_session_endpoint"]) {
    expect(found[name]).toMatch(new RegExp(`^${rig.origin}/identity/`));
  }
  expect(found).toMatchObject({ response_types_supported: ["code"], code_challenge_methods_supported: ["S256"] });
  for (const path of ["/identity", "/identity/", "/identity?x=1"])
    expect(await text(path)).toContain(`<a href="/identity/.well-known/openid-configuration">`);
  expect((await fetch(`${rig.origin}/identity/x`)).status).toBe(404);
});

test("the keys are published without their private part", async () => {
  await using rig = await start();
  const { keys } = (await (await fetch(rig.identity.jwksUri)).json()) as { keys: object[] };
  expect(keys.map((key) => Object.keys(key).sort())).toEqual([["alg", "e", "kid", "kty", "n", "use"]]);
});

test("minted tokens have the claims of a sign-in's", async () => {
  await using rig = await start();
  for (const { email } of users) {
    const minted = await rig.identity.tokensFor(email);
    const signedIn = await rig.tokensOf(email);
    // at_hash binds the two tokens of one answer; the sign-in page's session is sid.
    const optional = new Set(["at_hash", "auth_time", "sid"]);
    const shape = (token: string) =>
      Object.entries(decodeJwt(token))
        .filter(([name]) => !optional.has(name))
        .map(([name, value]) => (["iat", "exp", "jti"].includes(name) ? [name, typeof value] : [name, value]))
        .sort();
    expect(shape(minted.accessToken)).toEqual(shape(signedIn.access_token));
    expect(shape(minted.idToken).filter(([name]) => name !== "jti")).toEqual(shape(signedIn.id_token));
    expect(decodeProtectedHeader(minted.accessToken)).toEqual(decodeProtectedHeader(signedIn.access_token));
  }
});

test("minted tokens live 240 minutes by the given clock, or as long as told, and take other claims", async () => {
  const at = Date.UTC(2031, 0, 1);
  await using rig = await start({ clock: { now: () => at } });
  const usual = await rig.identity.tokensFor("owner@tether.local");
  expect(usual.expiresAt).toBe(at + 240 * 60_000);
  expect(decodeJwt(usual.idToken)).toMatchObject({ iat: at / 1000, exp: usual.expiresAt / 1000 });
  const other = await rig.identity.tokensFor("owner@tether.local", { lifeMs: 5_000, claims: { email: "o@x.example", iat: undefined } });
  expect(decodeJwt(other.accessToken).exp).toBe(at / 1000 + 5);
  expect(decodeJwt(other.idToken)).toMatchObject({ email: "o@x.example" });
  expect(decodeJwt(other.idToken)).not.toHaveProperty("iat");
});

test("an unknown address gets no tokens", async () => {
  await using rig = await start();
  await expect(rig.identity.tokensFor("nobody@tether.local")).rejects.toThrow("no such seeded user");
});

test("tokens and sign-ins of before a rotation stay good; the third rotation ends the oldest key", async () => {
  await using rig = await start();
  const before = await rig.identity.tokensFor("owner@tether.local");
  const signedIn = await rig.tokensOf("owner@tether.local");
  await rig.identity.rotateKeys();
  const after = await rig.identity.tokensFor("owner@tether.local");
  const refreshed = await rig.refresh(signedIn.refresh_token);
  const kid = (token: string) => decodeProtectedHeader(token).kid;
  expect(kid(after.accessToken)).not.toBe(kid(before.accessToken));
  expect(kid(refreshed.body.access_token)).toBe(kid(after.accessToken));
  await rig.identity.rotateKeys();
  for (const token of [before.accessToken, signedIn.access_token, after.idToken, refreshed.body.id_token]) {
    expect((await createVerifier(rig.identity).verify(token)).iss).toBe(rig.identity.issuer);
  }
  await rig.identity.rotateKeys();
  await expect(createVerifier(rig.identity).verify(before.accessToken)).rejects.toThrow("not found in the JWKS");
  await expect(createVerifier(rig.identity).verify(after.accessToken)).resolves.toBeTruthy();
});

test("kept keys outlive the process", async () => {
  const keep = createKeep();
  await using rig = await start({ keep });
  await rig.identity.rotateKeys();
  const { accessToken } = await rig.identity.tokensFor("owner@tether.local");
  await using later = await start({ keep });
  const fresh = await later.identity.tokensFor("owner@tether.local");
  expect(decodeProtectedHeader(fresh.accessToken).kid).toBe(decodeProtectedHeader(accessToken).kid);
  const [was, is] = await Promise.all([rig, later].map(async ({ identity }) => (await fetch(identity.jwksUri)).json()));
  expect(is).toEqual(was);
});

test("what was kept and is no key set is not written over", async () => {
  const keep = createKeep({ keys: [{ kty: "RSA" }] });
  await expect(start({ keep })).rejects.toThrow();
  expect(await keep.load()).toEqual({ keys: [{ kty: "RSA" }] });
});
