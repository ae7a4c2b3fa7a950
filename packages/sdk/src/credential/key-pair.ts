import { PublicKey } from "@tether/protocol/http";
import type { PrivateKey } from "../assertion/signer.ts";

/** P-256 is for hardware that lacks Ed25519. */
export const algorithms = ["ed25519", "p-256"] as const;
/** The algorithm of a robot's key. Ed25519, unless the hardware lacks it. */
export type Algorithm = (typeof algorithms)[number];

const parameters = { ed25519: { name: "Ed25519" }, "p-256": { name: "ECDSA", namedCurve: "P-256" } } as const;

/** Makes a key pair that the caller keeps. Rejects where the runtime lacks the algorithm. */
export async function makeKeyPair(algorithm: Algorithm = "ed25519"): Promise<PrivateKey> {
  const pair = await crypto.subtle.generateKey(parameters[algorithm], true, ["sign", "verify"]);
  if (!("privateKey" in pair)) throw new Error("The runtime made no key pair.");
  const { kty, crv, x, y, d = "" } = await crypto.subtle.exportKey("jwk", pair.privateKey);
  return { ...PublicKey.parse(kty === "EC" ? { kty, crv, x, y } : { kty, crv, x }), d };
}

/** The public part of a private key. */
export function publicKeyOf(key: PrivateKey): PublicKey {
  const { x } = key;
  return key.kty === "EC" ? { kty: key.kty, crv: key.crv, x, y: key.y } : { kty: key.kty, crv: key.crv, x };
}
