import { alphabet, base32 } from "./base32.ts";

/** 28 characters of 5 bits: 140 random bits. */
export const codeLength = 28;

/** Spells random bytes, one a character, as a code: base 32 in groups, `7K3M-…`. */
export function codeOf(bytes: Uint8Array): string {
  return base32(bytes).replace(/.{4}(?!$)/g, "$&-");
}

/** A code as it is hashed: capitals without groups, with the letters that people take for digits made digits. Undefined for what is no code. N3.1 */
export function normalCode(text: string): string | undefined {
  const letters = text.toUpperCase().replace(/[\s-]/g, "").replace(/O/g, "0").replace(/[IL]/g, "1");
  return letters.length === codeLength && [...letters].every((letter) => alphabet.includes(letter)) ? letters : undefined;
}
