import { createHmac, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { thumbprint } from "@tether/core/credential";
import { PublicKey } from "@tether/protocol/http";

export const audience = "https://api.example";
export const robotId = "rob_01JD3M8V6Z0000000000000000";

/** 2031, so that a check by the clock of the machine would have another result. */
export const now = Date.UTC(2031, 0, 1);

/** A JWT's part: its JSON in base64url. */
export function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

/** HMAC with a text as the secret, for a forger. */
export function hmac(secret: string, signed: string): string {
  return createHmac("sha256", secret).update(signed).digest("base64url");
}

type Pair = { alg: string; privateKey: KeyObject; publicKey: KeyObject };

function robotWith({ alg, privateKey, publicKey }: Pair) {
  const key = PublicKey.parse(publicKey.export({ format: "jwk" }));
  const kid = thumbprint(key);

  /** An assertion made at `now` for a minute; `undefined` takes a claim out. */
  function assertion(claims: Record<string, unknown> = {}, header: Record<string, unknown> = {}): string {
    const iat = now / 1000;
    const usual = { iss: robotId, sub: robotId, aud: audience, iat, exp: iat + 60, jti: "a1" };
    const signed = `${part({ alg, typ: "JWT", kid, ...header })}.${part({ ...usual, ...claims })}`;
    const bytes = Buffer.from(signed);
    const signature =
      alg === "EdDSA" ? sign(null, bytes, privateKey) : sign("sha256", bytes, { key: privateKey, dsaEncoding: "ieee-p1363" });
    return `${signed}.${signature.toString("base64url")}`;
  }
  return { alg, key, kid, publicKey, privateKey, assertion };
}

export const createEd25519Robot = () => robotWith({ alg: "EdDSA", ...generateKeyPairSync("ed25519") });
export const createP256Robot = () => robotWith({ alg: "ES256", ...generateKeyPairSync("ec", { namedCurve: "P-256" }) });
