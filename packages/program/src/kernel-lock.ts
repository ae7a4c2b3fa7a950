import { isBuiltin } from "node:module";
import { lockByDescriptor } from "./lock-by-descriptor.ts";
import { lockBySqlite } from "./lock-by-sqlite.ts";

/**
 * Takes a lock of the operating system on a file; undefined while another process, or another caller in this one, holds it. The kernel gives it
 * back when the process ends, however that happens, and never before: no process id, date or content of the file is judged. The file stays and
 * stays empty. Node 20 has no SQLite, and a program that runs on it and one that runs on a newer Node keep each other out.
 */
export const takeKernelLock: (path: string) => (() => void) | undefined = isBuiltin("node:sqlite") ? lockBySqlite : lockByDescriptor;
