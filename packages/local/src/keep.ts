import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** One secret value in the data directory, readable by its owner only; `undefined` until it was saved. */
export interface Keep {
  load(): Promise<unknown>;
  save(value: unknown): Promise<void>;
}

/** Replaced as a whole, so that a crash leaves the old value or the new one. */
export function keepIn(dataDir: string, name: string): Keep {
  const path = join(dataDir, `${name}.json`);
  return {
    async load() {
      try {
        return JSON.parse(await readFile(path, "utf8"));
      } catch (error) {
        if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
        throw error;
      }
    },
    async save(value) {
      await mkdir(dataDir, { recursive: true });
      await writeFile(`${path}.new`, JSON.stringify(value), { mode: 0o600 });
      await rename(`${path}.new`, path);
    },
  };
}

/** For a run that keeps nothing. */
export function keepInMemory(): Keep {
  let kept: unknown;
  return {
    load: async () => kept,
    save: async (value) => {
      kept = value;
    },
  };
}
