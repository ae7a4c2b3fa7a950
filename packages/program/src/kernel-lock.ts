import { writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";

const busy = 5;

/**
 * Takes a lock of the operating system on a file, by way of SQLite, as Node has no other. The kernel gives it back when the process
 * ends, however that happens, and never before: no process id, date or content of the file is judged. The file stays and stays empty.
 */
export function takeKernelLock(path: string): (() => void) | undefined {
  makeFile(path);
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    // The journal is kept in memory, because SQLite would put it into a second file.
    database.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    if (isBusy(error)) return undefined;
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`${path} cannot be locked (${why}). If it is not empty, remove it.`, { cause: error });
  }
  return () => database.close();
}

/** Makes the file if it is missing. An existing file is not opened, as closing any handle of it would end a lock that this process holds (POSIX fcntl). */
function makeFile(path: string): void {
  try {
    writeFileSync(path, "", { flag: "wx", mode: 0o600 });
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && typeof error.errcode === "number" && (error.errcode & 0xff) === busy;
}
