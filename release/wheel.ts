import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { root } from "../pack/package.ts";
import type { ReleasedFile } from "../packages/agent/src/update/manifest.ts";

/** The interpreter that has the system's packages; another one, maybe older, may come first on the path. */
const python = existsSync("/usr/bin/python3") ? "/usr/bin/python3" : "python3";

/**
 * The robot's package for Python. Its own build makes it, which needs Python 3.11: a release fails without that, and on one machine
 * (`isLocal`) the wheel is left out.
 */
export function wheel({ out, isLocal }: { readonly out: string; readonly isLocal: boolean }): ReleasedFile[] {
  const { status, stdout, stderr, error } = spawnSync(python, ["-B", join(root, "packages/python/build/wheel.py"), out], {
    encoding: "utf8",
  });
  if (status !== 0) {
    if (isLocal) return [];
    throw new Error(`The wheel was not made, which needs Python 3.11: ${error?.message ?? stderr}`);
  }
  const name = basename(stdout.trim());
  const version = name.split("-")[1] ?? "";
  const data = readFileSync(join(out, name));
  return [{ name, kind: "wheel", version, bytes: data.length, sha256: createHash("sha256").update(data).digest("hex") }];
}
