import type { PublicKey } from "@tether/protocol/http";
import { KeyId } from "@tether/protocol/id";
import { base64url } from "../base64url.ts";

/** A robot's key. Its private part may be unreadable, as in a secure element. */
export type Signer = {
  /** The public key's RFC 7638 thumbprint. */
  readonly kid: KeyId;
  readonly alg: "EdDSA" | "ES256";
  /** The JWS signature over the bytes (RFC 7518 §3.4, RFC 8037 §3.1). */
  sign(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array>;
};

/** A private key as a JWK (RFC 7517): an Ed25519 or a P-256 key with its `d`. It is a secret. */
export type PrivateKey = PublicKey & { readonly d: string };

const algorithms = {
  OKP: { alg: "EdDSA", key: { name: "Ed25519" }, use: { name: "Ed25519" } },
  EC: { alg: "ES256", key: { name: "ECDSA", namedCurve: "P-256" }, use: { name: "ECDSA", hash: "SHA-256" } },
} as const;

/** Makes a signer of a private JWK, Ed25519 or P-256. Rejects if it is neither. The key cannot be read back from it. */
export async function signerFromJwk(jwk: PrivateKey): Promise<Signer> {
  const { alg, key, use } = algorithms[jwk.kty];
  const { kty, crv, x, d } = jwk;
  const material = jwk.kty === "EC" ? { kty, crv, x, y: jwk.y, d } : { kty, crv, x, d };
  const imported = await crypto.subtle.importKey("jwk", material, key, false, ["sign"]);
  return {
    kid: await thumbprint(jwk),
    alg,
    sign: async (bytes) => new Uint8Array(await crypto.subtle.sign(use, imported, bytes)),
  };
}

/** RFC 7638: the required members only, in the order of their names, without blanks. */
export async function thumbprint(jwk: PublicKey): Promise<KeyId> {
  const { kty, crv, x } = jwk;
  const required = jwk.kty === "EC" ? { crv, kty, x, y: jwk.y } : { crv, kty, x };
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(JSON.stringify(required)));
  return KeyId.parse(base64url(new Uint8Array(digest)));
}
