import { type ChildProcess, spawn } from "node:child_process";

/**
 * The program on trial, as a shell command. `{api}`, `{code}` and `{folder}` in it are replaced, and are in its environment too; it is
 * started again after a crash as whoever runs it would.
 */
export function createTarget(command: string, { api, code, folder }: { api: string; code: string; folder: string }) {
  let child: ChildProcess | undefined;
  let output = "";
  const line = command.replaceAll("{api}", api).replaceAll("{code}", code).replaceAll("{folder}", folder);

  function start(): void {
    const env = { ...process.env, TETHER_API: api, TETHER_CODE: code, TETHER_FOLDER: folder };
    const made = spawn("sh", ["-c", line], { env, stdio: ["ignore", "pipe", "pipe"], detached: true });
    for (const stream of [made.stdout, made.stderr])
      stream.on("data", (chunk) => {
        output = (output + String(chunk)).slice(-20_000);
      });
    child = made;
  }

  /** As `kill -9` does to it and all that it started. */
  async function kill(): Promise<void> {
    const dying = child;
    child = undefined;
    if (!dying?.pid) return;
    const gone = dying.exitCode !== null || dying.signalCode !== null ? undefined : new Promise((resolve) => dying.once("exit", resolve));
    try {
      process.kill(-dying.pid, "SIGKILL");
    } catch {
      // The process is gone already, and so is its group.
    }
    await gone;
  }

  /** How the program ended by itself, in words; nothing of one that runs, or that was killed here. */
  function ended(): string | undefined {
    if (!child || (child.exitCode === null && child.signalCode === null)) return undefined;
    return child.signalCode === null ? `exit status ${child.exitCode}` : child.signalCode;
  }

  return { start, kill, ended, output: () => output, isRunning: () => child !== undefined && ended() === undefined };
}

export type Target = ReturnType<typeof createTarget>;
