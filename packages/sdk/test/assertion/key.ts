import { generateKeyPairSync, type KeyObject } from "node:crypto";
import type { PrivateKey } from "../../src/assertion/signer.ts";

/** A key pair made by Node, and the private JWK the SDK is given. */
export function createKey(kind: "ed25519" | "p-256"): { publicKey: KeyObject; jwk: PrivateKey } {
  const { publicKey, privateKey } =
    kind === "ed25519" ? generateKeyPairSync("ed25519") : generateKeyPairSync("ec", { namedCurve: "P-256" });
  return { publicKey, jwk: privateKey.export({ format: "jwk" }) as PrivateKey };
}
