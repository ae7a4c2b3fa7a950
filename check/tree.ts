import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A file as the checks see it: its path from the root, with `/`, and its text. */
export type File = { readonly path: string; readonly text: string };

const skipped = new Set(["node_modules", "dist", ".git", ".sst", ".tether", ".stryker-tmp"]);

/** All paths under `root` that are ours, sorted; folders of installed or made files are left out. */
export function listPaths(root: string, folder = ""): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter(({ name }) => !skipped.has(name))
    .flatMap((entry) => {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      return entry.isDirectory() ? listPaths(root, path) : [path];
    })
    .sort();
}

export function readFiles(root: string, paths: readonly string[]): File[] {
  return paths.map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));
}

export function isCode(path: string): boolean {
  return /\.(ts|tsx)$/.test(path);
}
