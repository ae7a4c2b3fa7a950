import { generateKeyPairSync, sign } from "node:crypto";
import type { ControlPermit } from "@tether/protocol/control";
import { PublicKey } from "@tether/protocol/http";

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** A key of the broker's. Each part of what it signs can be got wrong. */
export function createBrokerKey(kid = "key-1") {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  return {
    kid,
    key: PublicKey.parse(publicKey.export({ format: "jwk" })),
    sign(permit: ControlPermit | object, header: object = {}): string {
      const input = `${part({ alg: "EdDSA", typ: "tether-permit", kid, ...header })}.${part(permit)}`;
      return `${input}.${sign(null, Buffer.from(input), privateKey).toString("base64url")}`;
    },
  };
}
