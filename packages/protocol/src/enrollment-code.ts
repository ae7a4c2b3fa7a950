const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** 28 characters of 5 bits: 140 random bits. */
export const codeLength = 28;
const group = 4;

/** Spells random bytes, one a character, as a code: Crockford base 32 in groups, `7K3M-…`. */
export function codeOf(bytes: Uint8Array): string {
  const letters = [...bytes].map((byte) => alphabet.charAt(byte % alphabet.length));
  return letters.map((letter, index) => (index > 0 && index % group === 0 ? `-${letter}` : letter)).join("");
}

/**
 * A code as it is hashed: capitals without groups, with the letters that people take for digits made digits
 * (https://www.crockford.com/base32.html). Undefined for what is no code.
 */
export function normalCode(text: string): string | undefined {
  const letters = text.toUpperCase().replace(/[\s-]/g, "").replace(/O/g, "0").replace(/[IL]/g, "1");
  return letters.length === codeLength && [...letters].every((letter) => alphabet.includes(letter)) ? letters : undefined;
}
