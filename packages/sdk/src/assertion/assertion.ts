import { limits } from "@tether/protocol/limits";
import { base64url } from "../base64url.ts";
import { compactJws } from "../jws.ts";
import type { Random } from "../random.ts";
import type { Signer } from "./signer.ts";

type Claims = {
  readonly robot: string;
  /** The API's origin. */
  readonly audience: string;
  /** Milliseconds since the Unix epoch, by what is believed to be the server's clock. */
  readonly at: number;
};

const jtiBytes = 16;

/** A JWT with which a robot proves its key, good once and for a minute (RFC 7523). Rejects if the signer does. */
export async function assertion(env: { signer: Signer; random: Random }, { robot, audience, at }: Claims): Promise<string> {
  const { signer, random } = env;
  const iat = Math.floor(at / 1000);
  const header = { alg: signer.alg, typ: "JWT", kid: signer.kid };
  const claims = {
    iss: robot,
    sub: robot,
    aud: audience,
    iat,
    exp: iat + limits.assertion.lifeMs / 1000,
    jti: base64url(random.bytes(jtiBytes)),
  };
  return compactJws(header, claims, (bytes) => signer.sign(bytes));
}
