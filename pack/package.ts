import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { threadId } from "node:worker_threads";

/** The repository's root. */
export const root = join(import.meta.dirname, "..");

const workDir = join(root, "dist", `pack-${process.pid}-${threadId}`);

/**
 * A folder within that of this process alone: two that build at once, as two services do that were asked for their packages, must not read what
 * the other has half written. It is below the root, where the compiler finds the packages of others.
 */
export function workFolder(name: string): string {
  return join(workDir, name);
}

/** Removes what was written to the folders of this process. */
export function clearWork(): void {
  rmSync(workDir, { recursive: true, force: true });
}

/** A workspace's package.json as far as packing reads it. */
export type Workspace = {
  readonly name: string;
  readonly version: string;
  readonly description?: string;
  readonly engines?: Readonly<Record<string, string>>;
  /** The entries within the workspace, by their sources. `./*` stands for every other file. */
  readonly exports?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: object;
  /** The public entries, by their sources. All else of the package cannot be reached from outside. */
  readonly publishConfig?: {
    readonly exports?: Readonly<Record<string, string>>;
    /** Instead of the workspace's, which builds with one version of each. */
    readonly peerDependencies?: Readonly<Record<string, string>>;
  };
};

/** Reads the package.json of the workspace in `packages/FOLDER`. */
export function readWorkspace(folder: string): Workspace {
  return JSON.parse(readFileSync(join(root, "packages", folder, "package.json"), "utf8"));
}
