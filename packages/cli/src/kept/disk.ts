import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

/** What a file holds, who may read it (`mode`, its nine permission bits) and whose it is. */
export type Found = { readonly text: string; readonly mode: number; readonly owner: number };

export interface Disk {
  /** This process's user; undefined where users have no numbers. */
  readonly user: number | undefined;
  /** Undefined if there is none. */
  read(path: string): Promise<Found | undefined>;
  /** Writes a new file that only its owner may read, in a folder that need not be there yet. */
  create(path: string, text: string): Promise<"created" | "exists">;
  /** Puts a text in a file's place: after a crash at any moment it holds the old text or the new one. Nobody else may be doing so. */
  replace(path: string, text: string): Promise<void>;
  /** Also if it is gone already. */
  remove(path: string): Promise<void>;
}

const isCode = (error: unknown, code: string) => error instanceof Error && "code" in error && error.code === code;

/** The real disk. */
export const disk: Disk = {
  user: process.getuid?.(),
  async read(path) {
    try {
      // One handle, so that what was looked at is what was read.
      await using file = await open(path, "r");
      const { mode, uid } = await file.stat();
      return { text: await file.readFile("utf8"), mode: mode & 0o777, owner: uid };
    } catch (error) {
      if (isCode(error, "ENOENT")) return undefined;
      throw error;
    }
  },
  async create(path, text) {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    try {
      await using file = await open(path, "wx", 0o600);
      await file.writeFile(text);
      await file.sync();
      return "created";
    } catch (error) {
      if (isCode(error, "EEXIST")) return "exists";
      throw error;
    }
  },
  async replace(path, text) {
    const fresh = `${path}.new`;
    // What a crash left behind.
    await disk.remove(fresh);
    if ((await disk.create(fresh, text)) === "exists") throw new Error(`Someone else is writing ${path}.`);
    await rename(fresh, path);
  },
  remove: (path) => rm(path, { force: true }),
};
