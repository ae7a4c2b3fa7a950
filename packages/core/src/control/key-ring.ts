import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { PublicKey } from "@tether/protocol/http";

/** Ed25519 keys with which permits are signed, the newest first: it signs, all verify. Two suffice to rotate without a stop. */
export type ControlKeys = readonly [ControlKey, ...ControlKey[]];

export type ControlKey = { readonly kid: string; readonly privateKey: KeyObject; readonly publicKey: PublicKey };

/** RFC 8410 §7: what stands before the 32 bytes of an Ed25519 private key in PKCS #8. */
const prefix = Buffer.from("302e020100300506032b657004220420", "hex");

/** Reads `id:base64url,id:base64url`, newest first; each secret is the 32 random bytes of an Ed25519 private key (RFC 8032 §5.1.5). */
export function parseControlKeys(text: string): ControlKeys {
  const [first, ...others] = text.split(",").map((part): ControlKey => {
    const [kid = "", encoded = ""] = part.trim().split(":");
    const secret = Buffer.from(encoded, "base64url");
    if (!/^[A-Za-z0-9_-]{1,32}$/.test(kid) || secret.length !== 32)
      throw new Error("a control key ring is `id:secret,…` with secrets of exactly 32 bytes in base64url");
    const privateKey = createPrivateKey({ key: Buffer.concat([prefix, secret]), format: "der", type: "pkcs8" });
    return { kid, privateKey, publicKey: PublicKey.parse(createPublicKey(privateKey).export({ format: "jwk" })) };
  });
  if (first === undefined) throw new Error("a control key ring needs a key");
  return [first, ...others];
}
