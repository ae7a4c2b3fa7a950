/** https://www.crockford.com/base32.html: no I, L, O and U. */
export const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** Each byte becomes one character, which keeps 5 of its bits. */
export function base32(bytes: Uint8Array): string {
  return [...bytes].map((byte) => alphabet.charAt(byte % alphabet.length)).join("");
}
