import { limits } from "@tether/protocol/limits";
import type { Signer } from "../assertion/signer.ts";
import { compactJws } from "../jws.ts";

type Claims = {
  /** The subject of the proof: a code's hash, or the robot's id. */
  readonly subject: string;
  /** The API's origin. */
  readonly audience: string;
  /** Milliseconds since the Unix epoch, by what is believed to be the server's clock. */
  readonly at: number;
};

/** A JWS with which a key that is new to the service proves that its private part is at hand. N3, K1 */
export async function proof(signer: Signer, { subject, audience, at }: Claims): Promise<string> {
  const iat = Math.floor(at / 1000);
  const header = { alg: signer.alg, typ: "tether-proof+jwt" };
  const claims = { sub: subject, aud: audience, iat, exp: iat + limits.assertion.lifeMs / 1000 };
  return compactJws(header, claims, (bytes) => signer.sign(bytes));
}
