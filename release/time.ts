import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Entry } from "./archive.ts";

const runs = 9;

/** Median times of starts in ms, from each start to its end. The two were taken in turn, so that what else the machine does slows both. */
export type Times = { readonly help: number; readonly runtime: number };

/** Times the robot's program with `--help`, and its runtime alone with nothing to do, on this machine. */
export function timeHelp(files: readonly Entry[]): Times {
  const folder = mkdtempSync(join(tmpdir(), "tether-help-"));
  try {
    for (const { path, data, mode } of files) writeFileSync(join(folder, path), data, { mode });
    const time = (program: string, args: readonly string[]) => {
      const from = performance.now();
      spawnSync(join(folder, program), args, { stdio: "ignore" });
      return performance.now() - from;
    };
    const taken = Array.from({ length: runs }, () => ({ help: time("tether-robot", ["--help"]), runtime: time("node", ["--eval", ""]) }));
    const median = (of: keyof Times) => taken.map((one) => one[of]).sort((a, b) => a - b)[runs >> 1] ?? Number.NaN;
    return { help: median("help"), runtime: median("runtime") };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
