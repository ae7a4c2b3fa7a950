import { type File, isCode } from "./tree.ts";

const most = 250;

/** Source files that are two concepts by their length. */
export function size(files: readonly File[]): string[] {
  return files
    .filter(({ path }) => isCode(path) && /^(packages\/[^/]+\/src|infra|check|pack|release)\//.test(path))
    .map(({ path, text }) => ({ path, lines: text.split("\n").length - (text.endsWith("\n") ? 1 : 0) }))
    .filter(({ lines }) => lines > most)
    .map(({ path, lines }) => `${path} has ${lines} lines; the most is ${most}.`);
}
