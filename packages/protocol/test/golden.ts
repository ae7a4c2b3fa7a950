import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const folder = join(import.meta.dirname, "../golden");

/** An example that is accepted. `reads` is what becomes of it where that differs. */
export type Good = { name: string; frame?: unknown; body?: unknown; message?: unknown; reads?: unknown };
/** An example that is refused: a frame or body, or a text that is none. `id` is what the refusal echoes. */
export type Bad = {
  name: string;
  frame?: unknown;
  body?: unknown;
  message?: unknown;
  text?: string;
  problem?: string;
  fields?: string[];
  id?: string;
};

function read(path: string): unknown {
  return JSON.parse(readFileSync(join(folder, path), "utf8"));
}

export const good = (path: string) => read(`${path}.good.json`) as Good[];
export const bad = (path: string) => read(`${path}.bad.json`) as Bad[];

/** The names that have good, and those that have bad examples in a folder of golden files. */
export function named(side: string): { good: string[]; bad: string[] } {
  const files = readdirSync(join(folder, side)).sort();
  const ending = (end: string) => files.filter((file) => file.endsWith(end)).map((file) => file.slice(0, -end.length));
  return { good: ending(".good.json"), bad: ending(".bad.json") };
}
