import { dirname, join } from "node:path";
import type { Files } from "@tether/program/files";
import { replace } from "@tether/program/replace";
import type { Trouble } from "../exit.ts";

/** Whether a stop that someone ordered is in force. It outlives the program: what was stopped does not move because it was started again. */
export interface Latch {
  readonly isStopped: boolean;
  /** Whether the folder could be written when the latch was opened. */
  readonly isKept: boolean;
  /** Resolves with whether the next program will know. What cannot be written holds while this one runs. */
  note(isStopped: boolean): Promise<"kept" | "unkept">;
  /** Resolves once what was noted is written. */
  settled(): Promise<void>;
}

/**
 * There is a file while a stop is in force. Where that cannot be known, and where a stop could not have been written, one is in force.
 * `mark` differs from program to program: a folder must give back what this one wrote, not what another did.
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
    async settled() {
      await writing;
    },
  };
}

/** Writes as a stop is written, and reads it back. */
async function probe(files: Files, path: string, mark: string): Promise<"kept" | "unwritable" | "forgetful"> {
  try {
    await replace(files, path, mark);
  } catch {
    return "unwritable";
  }
  const found = await files.read(path).catch(() => undefined);
  if (found?.text !== mark) return "forgetful";
  // What is left of a probe is written over by the next one.
  await files.remove(path).catch(() => {});
  return "kept";
}
