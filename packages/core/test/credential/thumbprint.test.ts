import { generateKeyPairSync } from "node:crypto";
import { PublicKey } from "@tether/protocol/http";
import { calculateJwkThumbprint } from "jose";
import { expect, test } from "vitest";
import { thumbprint } from "../../src/credential/index.ts";

test.each(["Ed25519", "P-256"])("a %s key's id is its RFC 7638 thumbprint", async (curve) => {
  const { publicKey } = curve === "P-256" ? generateKeyPairSync("ec", { namedCurve: "P-256" }) : generateKeyPairSync("ed25519");
  const jwk = PublicKey.parse(publicKey.export({ format: "jwk" }));
  expect(thumbprint(jwk)).toBe(await calculateJwkThumbprint(jwk));
});

test("RFC 8037's example key has the thumbprint that the RFC prints", () => {
  expect(thumbprint({ kty: "OKP", crv: "Ed25519", x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" })).toBe(
    "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",
  );
});
