import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Entry } from "./archive.ts";

const runs = 9;

/** The median time, in ms, that the robot's program takes for `--help` on this machine, from its start to its end. */
export function timeHelp(files: readonly Entry[]): number {
  const folder = mkdtempSync(join(tmpdir(), "tether-help-"));
  try {
    for (const { path, data, mode } of files) writeFileSync(join(folder, path), data, { mode });
    const times = Array.from({ length: runs }, () => {
      const from = performance.now();
      spawnSync(join(folder, "tether-robot"), ["--help"], { stdio: "ignore" });
      return performance.now() - from;
    });
    return times.sort((a, b) => a - b)[runs >> 1] ?? Number.NaN;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
