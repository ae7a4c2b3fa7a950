import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";

/**
 * The program on trial, as a shell command. The names of what it is placeholders, in braces, are replaced in it, and are in its environment too, as
 * `TETHER_…`; it is started again after a crash as whoever runs it would. Where there is a `heard` that is given each line that it prints,
 * and it has an input.
 */
export function createTarget(command: string, placeholders: Readonly<Record<string, string>>, heard?: (line: string) => void) {
  let child: ChildProcess | undefined;
  let output = "";
  const line = Object.entries(placeholders).reduce((text, [name, value]) => text.replaceAll(`{${name}}`, value), command);
  const named = Object.fromEntries(Object.entries(placeholders).map(([name, value]) => [`TETHER_${name.toUpperCase()}`, value]));

  function start(): void {
    const env = { ...process.env, ...named };
    const made = spawn("sh", ["-c", line], { env, stdio: [heard ? "pipe" : "ignore", "pipe", "pipe"], detached: true });
    // A program that ended reads nothing more.
    made.stdin?.on("error", () => {});
    if (heard && made.stdout) createInterface({ input: made.stdout }).on("line", heard);
    for (const stream of [made.stdout, made.stderr])
      stream?.on("data", (chunk) => {
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

  /** A line to the program's input. */
  const tell = (what: object) => void child?.stdin?.write(`${JSON.stringify(what)}\n`);

  return { start, kill, ended, tell, output: () => output, isRunning: () => child !== undefined && ended() === undefined };
}

export type Target = ReturnType<typeof createTarget>;
