import { importsOf } from "./import.ts";
import { type File, isCode } from "./tree.ts";

/** Files that may import what is computed, and why. */
const loaders: Readonly<Record<string, string>> = {
  "packages/agent/src/driver/host/main.ts": "loads the driver that the robot's owner named",
};

/** Imports of sources whose module is computed: no check can see where they lead. */
export function computedImports(files: readonly File[]): string[] {
  const sources = files.filter(({ path }) => isCode(path) && loaders[path] === undefined && /^packages\/[^/]+\/src\//.test(path));
  return sources.flatMap(({ path, text }) =>
    importsOf(text).flatMap(({ name, line }) =>
      name === undefined ? [`${path}:${line} imports what is computed, which no check can follow.`] : [],
    ),
  );
}
