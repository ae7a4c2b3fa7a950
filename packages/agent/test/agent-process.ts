import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { onTestFinished } from "vitest";

const bin = join(import.meta.dirname, "../bin/tether-robot.js");

/** A folder of the test's own. Tests that run side by side give their own `onFinished`, as the others do below. */
export function folder(onFinished = onTestFinished): string {
  const path = mkdtempSync(join(tmpdir(), "tether-agent-"));
  // A driver may outlive its agent for a moment and write there.
  onFinished(() => rmSync(path, { recursive: true, force: true, maxRetries: 20 }));
  return path;
}

/** The agent as a process of its own, saying JSON. */
export function startAgent(state: string, ...args: string[]) {
  return startAgentIn({}, state, ...args);
}

/** The same, with more in its environment. */
export function startAgentIn(variables: Record<string, string>, state: string, ...args: string[]) {
  return startAgentOn({ node: process.execPath, bin }, variables, state, ...args);
}

/** The same, as it is installed somewhere (`bin`), on another Node. */
export function startAgentOn(
  { node, bin }: { readonly node: string; readonly bin: string },
  variables: Record<string, string>,
  state: string,
  ...args: string[]
) {
  const env = { PATH: process.env.PATH, HOME: state, ...variables };
  const child: ChildProcess = spawn(node, [bin, ...args, "--state", join(state, "tether"), "--json"], { env });
  const said: Record<string, unknown>[] = [];
  const waiting = new Set<() => void>();
  const wake = () => {
    for (const check of [...waiting]) check();
  };
  let stderr = "";
  child.stderr?.on("data", (chunk) => {
    stderr += chunk;
  });
  if (child.stdout)
    createInterface(child.stdout).on("line", (line) => {
      said.push(JSON.parse(line));
      wake();
    });
  const ended = new Promise<number | null>((resolve) => child.once("close", (code) => resolve(code)));
  void ended.then(wake);
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await ended;
  });
  function sayingThat(holds: (line: Record<string, unknown>) => boolean, what = "that"): Promise<Record<string, unknown>> {
    return new Promise((resolve, reject) => {
      const check = () => {
        const found = said.find(holds);
        if (!found && child.exitCode === null) return;
        waiting.delete(check);
        if (found) resolve(found);
        else reject(new Error(`It ended without saying ${what}: ${JSON.stringify(said)} ${stderr}`));
      };
      waiting.add(check);
      check();
    });
  }

  return {
    pid: child.pid,
    said,
    ended,
    stderr: () => stderr,
    stop: () => child.kill("SIGTERM"),
    /** As `kill -9` does: it can say nothing more. */
    kill: () => child.kill("SIGKILL"),
    sayingThat,
    /** Resolves with the first line that has these facts. Rejects if the process ends without one. */
    saying: (facts: Record<string, unknown>) =>
      sayingThat((line) => Object.entries(facts).every(([name, value]) => line[name] === value), JSON.stringify(facts)),
  };
}

/** The processes that this one started and that have not ended, by their ids. */
export const children = (): readonly number[] => childrenOf(process.pid);

/** The same of another process, whose main thread started them. */
export function childrenOf(pid: number): readonly number[] {
  const all = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
  return all.trim().split(" ").filter(Boolean).map(Number);
}

/** Whether the process runs. One that ended may wait for ever for a parent to take note: not every container has one that does. */
export function isRunning(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return !stat.slice(stat.lastIndexOf(")")).startsWith(") Z");
  } catch {
    return false;
  }
}
