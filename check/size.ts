import type { File } from "./tree.ts";

const most = 250;

/** Programs and their tests; what is generated or data has other endings. */
export function isSized(path: string): boolean {
  return /\.(ts|tsx|py)$/.test(path);
}

/** Files that are two concepts, or the stories of two, by their length. */
export function size(files: readonly File[]): string[] {
  return files
    .filter(({ path }) => isSized(path))
    .map(({ path, text }) => ({ path, lines: text.split("\n").length - (text.endsWith("\n") ? 1 : 0) }))
    .filter(({ lines }) => lines > most)
    .map(({ path, lines }) => `${path} has ${lines} lines; the most is ${most}.`);
}
