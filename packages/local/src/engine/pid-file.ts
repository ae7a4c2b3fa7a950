import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Remembers the engine of a data directory, since it outlives a parent that crashed. */
export interface PidFile {
  /** Ends the engine an earlier run left behind, if it is still that. */
  endLeftover(): void;
  write(pid: number): void;
  remove(): void;
}

function isEngine(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("dynoxide");
  } catch {
    return false;
  }
}

function read(path: string): number | undefined {
  try {
    const pid = Number(readFileSync(path, "utf8"));
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

export function pidFile(dataDir: string): PidFile {
  const path = join(dataDir, "engine.pid");
  return {
    endLeftover() {
      const pid = read(path);
      // The number may belong to another program by now.
      if (pid !== undefined && isEngine(pid)) process.kill(pid, "SIGKILL");
      rmSync(path, { force: true });
    },
    write: (pid) => writeFileSync(path, `${pid}\n`, { mode: 0o600 }),
    remove: () => rmSync(path, { force: true }),
  };
}
