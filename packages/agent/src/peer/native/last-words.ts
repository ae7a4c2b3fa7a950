import { createCutter } from "../../supervisor/line.ts";

/** The longest reason that is kept, in bytes. */
const most = 300;

/** Finds why a process of Node's ended in what it writes to its standard error: its last error. Other lines may hold anything, so none is kept. */
export function createLastWords(): { put(chunk: Buffer): void; readonly reason: string | undefined } {
  let reason: string | undefined;
  const { put } = createCutter(most, (line) => {
    if (/^(\w*Error\b|terminate called|FATAL ERROR)/.test(line)) reason = line;
  });
  return {
    put,
    get reason() {
      return reason;
    },
  };
}
