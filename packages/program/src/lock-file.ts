import { writeFileSync } from "node:fs";

/** Makes a lock's file if it is missing. An existing file is not opened, as closing any handle of it would end a POSIX lock that this process holds. */
export function makeLockFile(path: string): void {
  try {
    writeFileSync(path, "", { flag: "wx", mode: 0o600 });
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
}

/** The error of a file that cannot be locked. */
export function unlockable(path: string, cause: unknown): Error {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new Error(`${path} cannot be locked (${why}). If it is not empty, remove it.`, { cause });
}
