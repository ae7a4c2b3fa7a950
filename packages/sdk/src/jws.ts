import { base64url, fromBase64url } from "./base64url.ts";

type Part = { readonly [name: string]: unknown };

/** A compact JWS that was split, and not verified. `signed` is what its signature is over. */
type OpenJws = {
  readonly header: Part | undefined;
  readonly claims: () => Part | undefined;
  readonly signed: Uint8Array<ArrayBuffer>;
  readonly signature: Uint8Array<ArrayBuffer>;
};

/** A compact JWS (RFC 7515 §7.1). Rejects if `sign` does. */
export async function compactJws(
  header: object,
  claims: object,
  sign: (bytes: Uint8Array<ArrayBuffer>) => Promise<Uint8Array>,
): Promise<string> {
  const signed = `${encoded(header)}.${encoded(claims)}`;
  return `${signed}.${base64url(await sign(bytesOf(signed)))}`;
}

/** Splits a compact JWS; undefined for what is none. */
export function openJws(jws: string): OpenJws | undefined {
  const [header = "", payload = "", mark = "", ...more] = jws.split(".");
  const signature = fromBase64url(mark);
  if (more.length > 0 || !signature) return undefined;
  return { header: decoded(header), claims: () => decoded(payload), signed: bytesOf(`${header}.${payload}`), signature };
}

const bytesOf = (text: string) => new TextEncoder().encode(text);

function encoded(value: object): string {
  return base64url(bytesOf(JSON.stringify(value)));
}

function decoded(part: string): Part | undefined {
  const bytes = fromBase64url(part);
  try {
    const value: unknown = bytes && JSON.parse(new TextDecoder().decode(bytes));
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
