import { dirname, join } from "node:path";
import type { Files } from "@tether/program/files";
import { replace } from "@tether/program/replace";
import type { Trouble } from "../exit.ts";

/** Keeps a stop by order in force across restarts: a restart of the agent must not let a stopped robot move. */
export interface Latch {
  readonly isStopped: boolean;
  /** Whether the folder could be written when the latch was opened. */
  readonly isKept: boolean;
  /** Resolves with whether the next start will know of it. A stop that cannot be written stays in force while this process runs. */
  note(isStopped: boolean): Promise<"kept" | "unkept">;
  /** Resolves once everything noted so far is written. */
  flushed(): Promise<void>;
}

/**
 * A file exists while a stop is in force. If the folder cannot be read or written, a stop counts as in force. `mark` differs from run to
 * run, so that the probe reads back its own text and not that of an earlier run.
 */
export async function openLatch(files: Files, folder: string, mark: string): Promise<Latch | Trouble> {
  const path = join(folder, "stopped");
  const folderIs = await probe(files, join(folder, "probe"), mark);
  if (folderIs === "forgetful") {
    const says = `${folder} does not give back what is written there: a stop would be forgotten.`;
    return { exit: "unsafe", code: "state.forgets", says, remedy: "Keep the state on another disk: --state DIR" };
  }
  const isKept = folderIs === "kept";
  let isStopped = await files.read(path).then(
    (found) => found !== undefined || !isKept,
    () => true,
  );
  let writing: Promise<unknown> = Promise.resolve();

  async function write(stopped: boolean): Promise<void> {
    if (stopped) return replace(files, path, "");
    await files.remove(path);
    await files.flush(dirname(path));
  }

  return {
    get isStopped() {
      return isStopped;
    },
    isKept,
    note(stopped) {
      isStopped = stopped;
      const written = writing
        .then(() => write(stopped))
        .then(
          () => "kept" as const,
          () => "unkept" as const,
        );
      writing = written;
      return written;
    },
    async flushed() {
      await writing;
    },
  };
}

/** Writes a file in the same way as a stop, and reads it back. */
async function probe(files: Files, path: string, mark: string): Promise<"kept" | "unwritable" | "forgetful"> {
  try {
    await replace(files, path, mark);
  } catch {
    return "unwritable";
  }
  const found = await files.read(path).catch(() => undefined);
  if (found?.text !== mark) return "forgetful";
  // A probe that cannot be removed is overwritten by the next one.
  await files.remove(path).catch(() => {});
  return "kept";
}
