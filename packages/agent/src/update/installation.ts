import { readlinkSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Files } from "@tether/program/files";
import { replace } from "@tether/program/replace";
import * as z from "zod/mini";

/** Where an installation updates from: the address of the served folder, and the keys that may have signed its list (SPKI, base64). */
const Source = z.object({ base: z.url({ protocol: /^https?$/ }), keys: z.array(z.base64()).check(z.minLength(1)) });
export type Source = z.infer<typeof Source>;

/** A program as `robot.sh` installs it: `ROOT/versions/VERSION/`, with links `ROOT/current` and `ROOT/previous`. */
export type Installation = {
  readonly root: string;
  /** The version of the program that runs. */
  readonly version: string;
  /** The version that the next start runs; undefined where the link cannot be read. */
  current(): string | undefined;
  source(): Promise<Source | undefined>;
  keepSource(source: Source): Promise<void>;
};

/** The installation that a program file belongs to; undefined for one that came another way. */
export function installationOf(files: Files, programFile: string): Installation | undefined {
  const folder = dirname(programFile);
  const root = dirname(dirname(folder));
  if (basename(dirname(folder)) !== "versions") return undefined;
  const path = join(root, "install.json");
  return {
    root,
    version: basename(folder),
    current: () => versionAt(root, "current"),
    async source() {
      try {
        const found = await files.read(path);
        return found && Source.parse(JSON.parse(found.text));
      } catch {
        return undefined;
      }
    },
    keepSource: (source) => replace(files, path, `${JSON.stringify(source)}\n`),
  };
}

/** The version that a link of the installation names. */
export function versionAt(root: string, link: "current" | "previous"): string | undefined {
  try {
    return basename(readlinkSync(join(root, link)));
  } catch {
    return undefined;
  }
}
