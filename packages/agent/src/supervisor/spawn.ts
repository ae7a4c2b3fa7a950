import { spawn } from "node:child_process";
import { constants } from "node:os";
import { createCutter, lineMost } from "./line.ts";
import type { Exit } from "./wire.ts";

/** A file to write, and what is to be in it. */
export type Note = { readonly path: string; readonly text: string };

/** `ifHung`: for the next start of the agent, should it have to be killed. What to run: a line of the machine's shell, or a file with its arguments. `frames`: it is given the pipe that is number 3 here. */
export type Order = {
  readonly shell?: string;
  readonly file?: string;
  readonly args?: readonly string[];
  readonly frames?: boolean;
  readonly ifHung?: Note;
};

type Heard = {
  spawned(group: number): void;
  took(bytes: number): boolean;
  out(line: string): void;
  err(line: string): void;
  ended(exit: Exit): void;
};

/** Runs a driver in a session of its own, so that a terminal's signals do not reach it and all it starts can be ended with it. */
export function spawnDriver({ shell, file = shell ?? "", args = [], frames = false }: Order, heard: Heard) {
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
      // It is gone already.
    }
  }

  let isOver = false;
  function ended(exit: Exit): void {
    if (isOver) return;
    isOver = true;
    send("SIGKILL");
    heard.ended(exit);
  }
  // The shell may be gone before what it ran. That is over when it lets go of the pipes.
  child.once("exit", () => send("SIGTERM"));
  child.once("close", (code, signal) =>
    ended({ status: code ?? 128 + (signal ? constants.signals[signal] : 0), ...(signal && { signal }) }),
  );
  child.once("error", () => ended({ status: 127 }));
  // What broke is told by the driver's end.
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
      // Whatever left the group may hold on to these for ever.
      for (const pipe of [stdout, stderr]) pipe?.destroy();
    },
  };
}
