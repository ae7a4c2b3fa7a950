/** A mutant with which the program does the same, so that no test can find it. */
export type Equivalent = {
  readonly file: string;
  /** A part of the line that only this line of the file has. */
  readonly code: string;
  /** The mutator and the beginning of its replacement, as the command shows them. */
  readonly by: string;
  readonly because: string;
};

/** An equivalent mutant of a package: the file in its `src`, and the rest in the order of `Equivalent`. */
export type Row = readonly [file: string, code: string, by: string, because: string];

export function rowsOf(folder: string, rows: readonly Row[]): Equivalent[] {
  return rows.map(([file, code, by, because]) => ({ file: `${folder}/${file}`, code, by, because }));
}
