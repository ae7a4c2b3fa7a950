import { type FileHandle, mkdir, open, rename, rm, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { Files } from "./files.ts";
import { takeKernelLock } from "./kernel-lock.ts";

const isCode = (error: unknown, code: string) => error instanceof Error && "code" in error && error.code === code;

/** Works on an open file, and closes it. A handle of the first releases of Node 20 cannot be disposed of by `await using`. */
async function closing<Result>(file: FileHandle, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } finally {
    await file.close();
  }
}

/** The real disk. */
export const disk: Files = {
  user: process.getuid?.(),
  async read(path) {
    try {
      const file = await open(path, "r");
      // Both use one handle, so that the mode is that of the text that was read.
      return await closing(file, async () => {
        const { mode, uid } = await file.stat();
        return { text: await file.readFile("utf8"), mode: mode & 0o777, owner: uid };
      });
    } catch (error) {
      if (isCode(error, "ENOENT")) return undefined;
      throw error;
    }
  },
  async modeOf(folder) {
    try {
      return (await stat(folder)).mode & 0o777;
    } catch (error) {
      if (isCode(error, "ENOENT")) return undefined;
      throw error;
    }
  },
  async makeFolder(path) {
    const first = await mkdir(path, { recursive: true, mode: 0o700 });
    if (first === undefined) return;
    // A new folder's name is content of its parent: without a flush of the parent, a power cut could lose the folder with its files.
    for (let parent = dirname(resolve(path)); parent.length >= dirname(first).length; parent = dirname(parent)) {
      await disk.flush(parent);
      if (parent === dirname(parent)) return;
    }
  },
  async create(path, text) {
    try {
      const file = await open(path, "wx", 0o600);
      await closing(file, () => file.writeFile(text));
      return "created";
    } catch (error) {
      if (isCode(error, "EEXIST")) return "exists";
      throw error;
    }
  },
  async flush(path) {
    const file = await open(path, "r");
    await closing(file, () => file.sync());
  },
  rename,
  remove: (path) => rm(path, { force: true }),
  take: takeKernelLock,
};
