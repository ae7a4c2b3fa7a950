import { closeSync, fstatSync, openSync } from "node:fs";
import { createRequire } from "node:module";
import { makeLockFile, unlockable } from "./lock-file.ts";

/**
 * The bytes that SQLite locks for a writer, its pending, reserved and shared ones (https://www.sqlite.org/fileformat.html, “The Lock-Byte Page”).
 * A lock on all of them keeps out a process that locks the file by SQLite, and is kept out by one.
 */
const first = 0x4000_0000;
const count = 512;

/** `fs-native-extensions`, as far as it is used: a lock of the open file description (`F_OFD_SETLK`; on macOS `flock`, of the whole file). */
type Native = { tryLock(descriptor: number, offset?: number, length?: number): boolean };

/** Takes a lock on a file that goes with its descriptor; undefined while another process, or another descriptor of this one, has it. */
export function lockByDescriptor(path: string): (() => void) | undefined {
  makeLockFile(path);
  const { tryLock }: Native = createRequire(import.meta.url)("fs-native-extensions");
  const descriptor = openSync(path, "r+");
  try {
    // As SQLite does, so that a file of somebody else's is told of on every Node.
    if (fstatSync(descriptor).size > 0) throw new Error("file is not a lock");
    const isTaken = process.platform === "linux" ? tryLock(descriptor, first, count) : tryLock(descriptor);
    if (isTaken) return () => closeSync(descriptor);
  } catch (error) {
    closeSync(descriptor);
    throw unlockable(path, error);
  }
  closeSync(descriptor);
  return undefined;
}
