import { ControlPermit, type ControlWelcome } from "@tether/protocol/control";
import { fromBase64url } from "../base64url.ts";

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
  const [header = "", payload = "", signature = "", ...more] = permit.split(".");
  const { alg, typ, kid, crit } = parse(header) ?? {};
  const key = keys.find((one) => one.kid === kid)?.key;
  const bytes = fromBase64url(signature);
  // Who does not understand what is critical must refuse it (RFC 7515 §4.1.11), and a guard understands none of it. R1.1
  if (more.length > 0 || crit !== undefined || alg !== "EdDSA" || typ !== "tether-permit" || !key || !bytes) return undefined;
  const signed = new TextEncoder().encode(`${header}.${payload}`);
  if (!(await crypto.subtle.verify(algorithm, key, bytes, signed))) return undefined;
  const claims = ControlPermit.safeParse(parse(payload));
  return claims.success ? claims.data : undefined;
}

function parse(part: string): Record<string, unknown> | undefined {
  const bytes = fromBase64url(part);
  try {
    const value: unknown = bytes && JSON.parse(new TextDecoder().decode(bytes));
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
