import { dirname, join } from "node:path";
import type { Files } from "./files.ts";
import { replace } from "./replace.ts";

/** Whether a stop that someone ordered is in force. It outlives the program: what was stopped does not move because it was started again. */
export interface Latch {
  readonly isStopped: boolean;
  note(isStopped: boolean): void;
  /** Resolves once what was noted is written. */
  settled(): Promise<void>;
}

/** There is a file while one is in force. Where that cannot be known it is; what cannot be written holds while the program runs. */
export async function openLatch(files: Files, folder: string): Promise<Latch> {
  const path = join(folder, "stopped");
  let isStopped = await files.read(path).then(
    (found) => found !== undefined,
    () => true,
  );
  let writing = Promise.resolve();

  async function write(stopped: boolean): Promise<void> {
    if (stopped) return replace(files, path, "");
    await files.remove(path);
    await files.flush(dirname(path));
  }

  return {
    get isStopped() {
      return isStopped;
    },
    note(stopped) {
      isStopped = stopped;
      writing = writing.then(() => write(stopped)).catch(() => {});
    },
    settled: () => writing,
  };
}
