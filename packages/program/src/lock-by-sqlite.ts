import { makeLockFile, unlockable } from "./lock-file.ts";

const busy = 5;

/** Takes a lock on a file by way of Node's SQLite, which takes it by POSIX `fcntl`; undefined while another holds it. */
export function lockBySqlite(path: string): (() => void) | undefined {
  makeLockFile(path);
  // Programs that never lock a file do not load it, because Node warns of an experiment once it is loaded.
  const { DatabaseSync } = process.getBuiltinModule("node:sqlite");
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    // The journal is kept in memory, because SQLite would put it into a second file.
    database.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    if (isBusy(error)) return undefined;
    throw unlockable(path, error);
  }
  return () => database.close();
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && typeof error.errcode === "number" && (error.errcode & 0xff) === busy;
}
