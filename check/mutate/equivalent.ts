/** A mutant with which the program does the same, so that no test can find it. */
export type Equivalent = {
  readonly file: string;
  /** A part of the line that only this line of the file has. */
  readonly code: string;
  /** The mutator and the beginning of its replacement, as the command shows them. */
  readonly by: string;
  readonly because: string;
};

export const equivalents: readonly Equivalent[] = [];
