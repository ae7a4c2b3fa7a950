import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from "node:crypto";
import type { ControlPermit } from "@tether/protocol/control";
import { PublicKey } from "@tether/protocol/http";

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** A key of the run's own, as the broker's that signs permits. Each part of what it signs can be got wrong. */
export function createSigner(kid: string) {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const jws = (header: object, payload: object): string => {
    const input = `${part(header)}.${part(payload)}`;
    return `${input}.${sign(null, Buffer.from(input), privateKey).toString("base64url")}`;
  };
  return {
    kid,
    key: PublicKey.parse(publicKey.export({ format: "jwk" })),
    jws,
    permit: (claims: ControlPermit | object, header: object = {}) => jws({ alg: "EdDSA", typ: "tether-permit", kid, ...header }, claims),
  };
}

export type Signer = ReturnType<typeof createSigner>;

export type Read = { readonly header: Record<string, unknown>; readonly payload: Record<string, unknown>; readonly holds: boolean };

/** A JWS by a robot's key. Undefined where it cannot be read. */
export function readJws(jws: string, key: PublicKey): Read | undefined {
  const [header = "", payload = "", signature = "", ...more] = jws.split(".");
  try {
    const read = (text: string) => JSON.parse(Buffer.from(text, "base64url").toString()) as Record<string, unknown>;
    return { header: read(header), payload: read(payload), holds: more.length === 0 && isSigned(key, `${header}.${payload}`, signature) };
  } catch {
    return undefined;
  }
}

function isSigned(key: PublicKey, input: string, signature: string): boolean {
  const publicKey = createPublicKey({ key: { ...key }, format: "jwk" });
  const bytes = Buffer.from(signature, "base64url");
  if (key.kty === "OKP") return verify(null, Buffer.from(input), publicKey, bytes);
  return verify("sha256", Buffer.from(input), { key: publicKey, dsaEncoding: "ieee-p1363" }, bytes);
}

export const sha256 = (text: string) => createHash("sha256").update(text).digest("base64url");

export function thumbprint(key: PublicKey): string {
  const { kty, crv, x } = key;
  return sha256(JSON.stringify(key.kty === "EC" ? { crv, kty, x, y: key.y } : { crv, kty, x }));
}

/** The key that signs a certificate, as PEM; a fresh one where none is given. */
export function certificateKey(pem: string | undefined): KeyObject {
  return pem === undefined ? generateKeyPairSync("ed25519").privateKey : createPrivateKey(pem);
}
