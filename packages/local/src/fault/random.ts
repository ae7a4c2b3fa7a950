/** Uniform in [0, 1). */
export type Random = () => number;

/** As unforeseeable as the bytes are. */
export function drawFrom(random: { bytes(length: number): Uint8Array }): Random {
  return () => Buffer.from(random.bytes(6)).readUIntBE(0, 6) / 2 ** 48;
}

/** The same numbers for the same seed (mulberry32). Not for secrets. */
export function seededRandom(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
