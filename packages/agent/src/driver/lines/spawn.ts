import { spawn } from "node:child_process";
import { constants } from "node:os";
import { createInterface } from "node:readline";
import type { Spawn } from "./program.ts";

/** By the real shell. In a group of its own: Ctrl-C is the agent's, which stops the robot first, and what it starts ends with it. */
export const spawnProgram: Spawn = (command, heard) => {
  const child = spawn(command, { shell: true, detached: process.platform !== "win32", stdio: "pipe", windowsHide: true });
  const kill = (signal: "SIGTERM" | "SIGKILL") => {
    try {
      if (child.pid === undefined || process.platform === "win32") child.kill(signal);
      else process.kill(-child.pid, signal);
    } catch {
      // It is gone already.
    }
  };
  const last = () => kill("SIGKILL");
  process.on("exit", last);
  const ended = new Promise<number>((resolve) => {
    // The shell may be gone before what it ran. That is over when it lets go of the pipes.
    child.once("exit", () => kill("SIGTERM"));
    child.once("close", (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
    // There is no shell.
    child.once("error", () => resolve(127));
  });
  void ended.then(() => {
    process.off("exit", last);
    last();
  });
  // Its end says all there is to say of a pipe that broke.
  child.stdin.on("error", () => {});
  createInterface(child.stdout).on("line", heard.out);
  createInterface(child.stderr).on("line", heard.err);
  return {
    ended,
    kill(signal) {
      kill(signal);
      if (signal === "SIGTERM") return;
      // Whatever left the group and holds on to them.
      for (const pipe of [child.stdout, child.stderr]) pipe.destroy();
    },
    write: (line) => void (child.stdin.writable && child.stdin.write(`${line}\n`)),
    end: () => void child.stdin.end(),
  };
};
