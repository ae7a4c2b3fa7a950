import { spawn } from "node:child_process";
import { realpathSync } from "node:fs";
import { constants } from "node:os";
import { basename, join } from "node:path";
import { disk } from "@tether/program/disk";
import { platform } from "@tether/sdk/platform";
import { tryVersion } from "./trial.ts";
import { readTrialResult, writeTrialResult } from "./trial-result.ts";

const { clock, steady = clock } = platform;
const folder = realpathSync(process.argv[3] ?? "");
const state = process.env.TETHER_STATE ?? "";
const version = basename(folder);
const stopped = new AbortController();
for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => stopped.abort());

const outcome = await tryVersion({
  clock: steady,
  start() {
    const child = spawn(join(folder, "tether-robot"), ["run"], { stdio: "inherit" });
    const ended = new Promise<number>((resolve) => {
      child.once("exit", (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
      child.once("error", () => resolve(127));
    });
    return { ended, signal: (name) => void child.kill(name) };
  },
  isProved: async () => (await readTrialResult(disk, state, "proved")) === version,
  stopped: stopped.signal,
});
if (outcome !== "failed") process.exit(outcome);
process.stderr.write(`${version} did not come online, so the version before it runs again.\n`);
// A disk that takes no note must not keep the robot from coming online; the next start then tries once more.
await writeTrialResult(disk, state, "failed", version).catch(() => {});
// From here on this process is the robot's agent, of the version before.
process.argv.splice(2, Number.POSITIVE_INFINITY, "run");
await import("../agent.ts");
