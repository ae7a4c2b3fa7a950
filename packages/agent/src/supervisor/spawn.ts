import { spawn } from "node:child_process";
import { constants } from "node:os";
import { createCutter, lineMost } from "./line.ts";
import type { Exit } from "./wire.ts";

/** The file that the next start of the agent reads to learn why the previous run ended. */
export type CrashNote = { readonly path: string; readonly text: string };

/** The driver process to start: `shell` is a command line, `file` and `args` an executable. `frames` passes file descriptor 3 on for video frames. `ifHung` is written before a hung agent is killed. `lock` lets one driver of a folder run at a time. `manoeuvre` is the file for the stages that the supervisor carried out alone. */
export type LaunchOrder = {
  readonly shell?: string;
  readonly file?: string;
  readonly args?: readonly string[];
  readonly frames?: boolean;
  readonly ifHung?: CrashNote;
  readonly lock?: string;
  readonly manoeuvre?: string;
};

type DriverEvents = {
  spawned(group: number): void;
  took(bytes: number): boolean;
  out(line: string): void;
  err(line: string): void;
  ended(exit: Exit): void;
};

/** Starts the driver in a process group of its own, so that a terminal's signals do not reach the driver and its children can be ended with it. */
export function spawnDriver({ shell, file = shell ?? "", args = [], frames = false }: LaunchOrder, heard: DriverEvents) {
  const child = spawn(file, args, {
    shell: shell !== undefined,
    detached: process.platform !== "win32",
    stdio: ["pipe", "pipe", "pipe", ...(frames ? [3] : [])],
    windowsHide: true,
  });
  const { stdin, stdout, stderr } = child;
  if (child.pid !== undefined) heard.spawned(child.pid);

  function send(name: "SIGTERM" | "SIGKILL"): void {
    try {
      if (child.pid === undefined || process.platform === "win32") child.kill(name);
      else process.kill(-child.pid, name);
    } catch {
      // The process has exited already.
    }
  }

  let isOver = false;
  function ended(exit: Exit): void {
    if (isOver) return;
    isOver = true;
    send("SIGKILL");
    heard.ended(exit);
  }
  // A shell may exit before the program that it started. The driver is over only when the pipes close.
  child.once("exit", () => send("SIGTERM"));
  child.once("close", (code, signal) =>
    ended({ status: code ?? 128 + (signal ? constants.signals[signal] : 0), ...(signal && { signal }) }),
  );
  child.once("error", () => ended({ status: 127 }));
  // A broken pipe needs no report of its own: the driver's exit is reported.
  stdin?.on("error", () => {});
  for (const [pipe, pass] of [
    [stdout, heard.out],
    [stderr, heard.err],
  ] as const) {
    const cutter = createCutter(lineMost, pass);
    pipe?.on("data", (chunk: Buffer) => heard.took(chunk.length) && cutter.put(chunk));
    pipe?.on("end", cutter.end);
  }

  return {
    write: (line: string) => void (stdin?.writable && stdin.write(`${line}\n`)),
    end: () => void stdin?.end(),
    signal(name: "SIGTERM" | "SIGKILL") {
      send(name);
      if (name === "SIGTERM") return;
      // A child that left the process group could keep these pipes open for ever.
      for (const pipe of [stdout, stderr]) pipe?.destroy();
    },
  };
}
