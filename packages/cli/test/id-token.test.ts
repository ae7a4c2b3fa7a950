import { statSync } from "node:fs";
import { platform } from "@tether/sdk/platform";
import { expect, test } from "vitest";
import { exits } from "../src/exit.ts";
import type { Start } from "../src/program.ts";
import { createRig } from "./rig.ts";
import { visit } from "./visitor.ts";

type Claims = Record<string, unknown> & { iat: number; exp: number };

/** The platform's fetch, with another ID token in what the issuer's token endpoint answers. */
function withClaims(change: (claims: Claims) => object): Start["fetch"] {
  return async (url, init) => {
    const answer = await platform.fetch(url, init);
    if (!url.endsWith("/identity/token")) return answer;
    const body: { id_token: string } = await answer.json();
    const [header, payload = "", signature] = body.id_token.split(".");
    const changed = change(JSON.parse(Buffer.from(payload, "base64url").toString()));
    const idToken = [header, Buffer.from(JSON.stringify(changed)).toString("base64url"), signature].join(".");
    const { status, headers } = answer;
    return Response.json({ ...body, id_token: idToken }, { status, headers: { date: headers.get("date") ?? "" } });
  };
}

const issued = (seconds: number) => (claims: Claims) => ({ ...claims, iat: claims.iat + seconds });

test.each<[string, (claims: Claims) => object]>([
  ["of another issuer", (claims) => ({ ...claims, iss: "https://evil.example" })],
  ["for another client", (claims) => ({ ...claims, aud: "another" })],
  ["for several clients without a word of which asked", (claims) => ({ ...claims, aud: [claims.aud, "another"] })],
  ["that another client asked for", (claims) => ({ ...claims, aud: [claims.aud, "another"], azp: "another" })],
  ["without the instant of its issue", ({ iat, ...claims }) => claims],
  // Both far enough from the bound that neither whole seconds nor a machine that is slow meanwhile count.
  ["that was issued long ago", issued(-900)],
  ["that is to be issued yet", issued(900)],
  ["that is over", (claims) => ({ ...claims, exp: claims.iat - 1 })],
])("an ID token %s is not taken", async (_, change) => {
  const { tether, origin, file } = await createRig();
  const refused = await tether(["sign-in", origin, "--port", "0"], {
    open: (url) => void visit(url, "owner@tether.local"),
    fetch: withClaims(change),
  });
  expect(refused).toMatchObject({ code: exits.failed.code, err: expect.stringContaining("was not expected") });
  expect(() => statSync(file)).toThrow("ENOENT");
});

test.each<[string, (claims: Claims) => object]>([
  ["is the one this program asked for among several", (claims) => ({ ...claims, aud: [claims.aud, "another"], azp: claims.aud })],
  ["was issued minutes before by another server's clock", issued(-290)],
])("an ID token that %s gets as far as the service, which refuses a forged one", async (_, change) => {
  const { tether, origin } = await createRig();
  const refused = await tether(["sign-in", origin, "--port", "0"], {
    open: (url) => void visit(url, "owner@tether.local"),
    fetch: withClaims(change),
  });
  expect(refused.code).toBe(exits.unsigned.code);
});

test("an ID token without the nonce of this sign-in is not taken", async () => {
  const { tether, origin, file } = await createRig();
  const replaced = (url: string) => {
    const other = new URL(url);
    other.searchParams.set("nonce", "of-another-sign-in");
    return other.href;
  };
  const refused = await tether(["sign-in", origin, "--port", "0"], { open: (url) => void visit(replaced(url), "owner@tether.local") });
  expect(refused).toMatchObject({ code: exits.failed.code, err: expect.stringContaining("was not expected") });
  expect(() => statSync(file)).toThrow("ENOENT");
});
