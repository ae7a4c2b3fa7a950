import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { onTestFinished } from "vitest";

const bin = join(import.meta.dirname, "../bin/tether.js");

/** The program as a process of its own. `home`: where it keeps its state. */
export function startTether(home: string, ...args: string[]) {
  return startTetherIn({}, home, ...args);
}

/** The same, with more in its environment. */
export function startTetherIn(variables: Record<string, string>, home: string, ...args: string[]) {
  const env = { PATH: process.env.PATH, HOME: home, ...variables };
  const child: ChildProcess = spawn(process.execPath, [bin, ...args], { env });
  const [out, err]: [string[], string[]] = [[], []];
  const waiting = new Set<() => void>();
  for (const [stream, lines] of [[child.stdout, out] as const, [child.stderr, err] as const]) {
    if (!stream) continue;
    createInterface(stream).on("line", (line) => {
      lines.push(line);
      for (const check of [...waiting]) check();
    });
  }
  const ended = new Promise<number | null>((resolve) => child.once("close", (code) => resolve(code)));
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await ended;
  });
  /** The first match in what it prints there. Rejects if it ends without one. */
  function matching(lines: readonly string[], pattern: RegExp): Promise<string> {
    return new Promise((resolve, reject) => {
      const check = () => {
        const found = pattern.exec(lines.join("\n"))?.[0];
        if (found === undefined) return;
        waiting.delete(check);
        resolve(found);
      };
      waiting.add(check);
      void ended.then(() => reject(new Error(`It ended without saying that: ${[...out, ...err].join("\n")}`)));
      check();
    });
  }
  return {
    out,
    err,
    ended,
    stop: () => void child.kill("SIGINT"),
    /** Waits for words on standard error. */
    saying: (pattern: RegExp) => matching(err, pattern),
    /** Waits for words on standard output. */
    printing: (pattern: RegExp) => matching(out, pattern),
  };
}
