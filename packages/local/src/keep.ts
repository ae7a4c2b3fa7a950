import { chmod, mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { takeKernelLock } from "@tether/program/kernel-lock";

/** A secret value in the data directory, readable by its owner only; `undefined` until it was saved. */
export interface Keep<Value = unknown> {
  load(): Promise<Value | undefined>;
  save(value: Value): Promise<void>;
}

/** The content of a file: `read` throws for any other, and `loses` says what goes when it is made anew. */
export type Kept<Value> = { readonly name: string; readonly read: (value: unknown) => Value; readonly loses: string };

/** The file cannot be read as what it is. Nothing is made in its place unasked, since that would lose what the old one was good for. */
export class Damaged extends Error {
  override readonly name = "Damaged";
  constructor(path: string, loses: string) {
    super(`The file ${path} is damaged. Put a copy of it back; or move it away, and the next start makes a new one: ${loses}.`);
  }
}

/** Replaced as a whole, so that a crash leaves the old value or the new one. */
export function keepIn<Value>(dataDir: string, { name, read, loses }: Kept<Value>): Keep<Value> {
  const path = join(dataDir, `${name}.json`);
  return {
    async load() {
      let text: string;
      try {
        text = await readFile(path, "utf8");
      } catch (error) {
        if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
        throw error;
      }
      try {
        return read(JSON.parse(text));
      } catch {
        // The parser's own message could quote the secret.
        throw new Damaged(path, loses);
      }
    },
    async save(value) {
      await writeFile(`${path}.new`, JSON.stringify(value), { mode: 0o600 });
      await rename(`${path}.new`, path);
    },
  };
}

/** For a run that keeps nothing. */
export function keepInMemory<Value>(): Keep<Value> {
  let kept: Value | undefined;
  return {
    load: async () => kept,
    save: async (value) => {
      kept = value;
    },
  };
}

/** A file that only a data directory of ours has. */
const mark = "ticket-ring.json";

/** Makes the data directory, for its owner only. A directory of somebody else's that was there before keeps its mode: our files have theirs. */
export async function makeDataDir(dataDir: string): Promise<void> {
  const made = await mkdir(dataDir, { recursive: true, mode: 0o700 });
  if (made === undefined && (await readdir(dataDir)).includes(mark)) await chmod(dataDir, 0o700);
}

/** Takes the data directory for this run, until the returned function is called or the process ends. A second run would end the first one's engine. */
export function lockDataDir(dataDir: string): () => void {
  let release = takeKernelLock(join(dataDir, "run.lock"));
  if (release)
    return () => {
      // A run may be stopped twice, and the second time the lock may be another run's.
      release?.();
      release = undefined;
    };
  throw new Error(`Another run uses ${dataDir}. End that one first, or choose another directory with \`npm start -- --data DIR\`.`);
}
