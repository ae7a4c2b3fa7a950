import { ControlPermit, type ControlWelcome } from "@tether/protocol/control";
import { openJws } from "../jws.ts";

type Key = { readonly kid: string; readonly key: CryptoKey };
export type Keys = readonly Key[];

const algorithm = { name: "Ed25519" };

/** The keys that sign permits. One that cannot be used is left out, and its permits are refused. */
export async function importKeys(given: NonNullable<ControlWelcome["keys"]>): Promise<Keys> {
  const imported = given.map(async ({ kid, key: { kty, crv, x } }) => {
    if (kty !== "OKP") return [];
    try {
      return [{ kid, key: await crypto.subtle.importKey("jwk", { kty, crv, x }, algorithm, false, ["verify"]) }];
    } catch {
      return [];
    }
  });
  return (await Promise.all(imported)).flat();
}

/** The claims of a permit (RFC 7515 compact, RFC 8037), if the broker signed it. Whether it is valid now is the guard's to say. R1 */
export async function verifyPermit(keys: Keys, permit: string): Promise<ControlPermit | undefined> {
  const jws = openJws(permit);
  const { alg, typ, kid, crit } = jws?.header ?? {};
  const key = keys.find((one) => one.kid === kid)?.key;
  // A verifier must refuse critical headers that it does not understand (RFC 7515 §4.1.11), and a guard understands none. R1.1
  if (!jws || crit !== undefined || alg !== "EdDSA" || typ !== "tether-permit" || !key) return undefined;
  if (!(await crypto.subtle.verify(algorithm, key, jws.signature, jws.signed))) return undefined;
  const claims = ControlPermit.safeParse(jws.claims());
  return claims.success ? claims.data : undefined;
}
