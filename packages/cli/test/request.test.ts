import { Configuration } from "openid-client";
import { expect, test } from "vitest";
import { makeRequest } from "../src/sign-in/request.ts";

const issuer = {
  issuer: "https://id.example",
  authorization_endpoint: "https://id.example/auth",
  token_endpoint: "https://id.example/token",
};
const random = { fraction: () => 0, bytes: (n: number) => new Uint8Array(n) };

test.each([
  [undefined, "openid email profile"],
  [["openid", "email"], "openid email profile"],
  [["openid", "offline_access"], "openid email profile offline_access"],
])("a sign-in at an issuer of the scopes %j asks for what the service needs, by code and PKCE [A9.1]", async (scopes, wanted) => {
  const metadata = { ...issuer, ...(scopes && { scopes_supported: scopes }) };
  const known = { clientId: "tether", metadata, configuration: new Configuration(metadata, "tether"), answeredAt: () => undefined };
  const { url } = await makeRequest({ random }, known, "http://localhost:4499/callback");
  const { searchParams } = new URL(url);
  expect(searchParams.get("client_id")).toBe("tether");
  expect(searchParams.get("scope")).toBe(wanted);
  expect(searchParams.get("response_type")).toBe("code");
  expect(searchParams.get("code_challenge_method")).toBe("S256");
  expect(searchParams.get("redirect_uri")).toBe("http://localhost:4499/callback");
});
