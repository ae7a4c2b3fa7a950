/** The source of randomness of an end. */
export interface Random {
  /** At least 0, less than 1, uniformly. */
  fraction(): number;
  /** Bytes nobody can guess. */
  bytes(n: number): Uint8Array<ArrayBuffer>;
}
