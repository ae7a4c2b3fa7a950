import { createInterface } from "node:readline";
import type { Context } from "./context.ts";

/** Reads from a terminal only: what comes by a pipe is for another program, or for the next turn of a loop. */
export function createReadLine(input: NodeJS.ReadableStream & { readonly isTTY?: boolean }): Context["readLine"] {
  return (stopped) => {
    if (!input.isTTY || stopped.aborted) return Promise.resolve(undefined);
    const lines = createInterface({ input });
    return new Promise((resolve) => {
      const over = (line?: string) => {
        resolve(line);
        lines.close();
        // An open standard input would keep the program alive.
        input.pause();
      };
      stopped.addEventListener("abort", () => over(), { once: true });
      lines.once("line", over).once("close", () => over());
    });
  };
}
