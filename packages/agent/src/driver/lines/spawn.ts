import { spawn } from "node:child_process";
import { platform } from "@tether/sdk/platform";
import { argumentsOf } from "../../entry.ts";
import { createCutter, lineMost } from "../../supervisor/line.ts";
import type { ProcessGroup } from "../../supervisor/process-group.ts";
import type { LaunchOrder } from "../../supervisor/spawn.ts";
import { beatMs } from "../../supervisor/supervise.ts";
import { type FromAgent, readFromSupervisor, writeFromAgent } from "../../supervisor/wire.ts";
import { createFrames } from "../frame/frame.ts";
import type { Exited, Launch, Program, Spawn } from "./program.ts";
import { watchSupervisor } from "./watch-supervisor.ts";

/** A press may move the robot as a command does. */
const kinds = { command: "command", press: "command", stop: "stop" } as const;

/** The time, in ms, that a program whose supervisor is gone has to exit at the end of its input, and again after SIGTERM. */
const orphanMs = 1_000;

/**
 * Runs a program under a supervisor: a separate process that stops and ends the program when this one hangs, is stopped or dies. The
 * heartbeat comes from this process's event loop, so that a blocked event loop is noticed. A supervisor that hangs itself is killed, which
 * ends the program's input.
 */
export const spawnProgram: Spawn = (what, heard, watched) => {
  const { clock, steady = clock } = platform;
  const child = spawn(
    process.execPath,
    ["--max-old-space-size=64", ...argumentsOf("supervisor"), JSON.stringify({ ...orderOf(what), ...watched })],
    {
      // Keeps a terminal's signals from the supervisor.
      detached: process.platform !== "win32",
      stdio: ["pipe", "pipe", "ignore", ...("module" in what ? (["pipe"] as const) : [])],
      windowsHide: true,
    },
  );
  const { stdin, stdout } = child;
  let resolveOver: (exit: Exited) => void = () => {};
  const over = new Promise<Exited>((resolve) => {
    resolveOver = resolve;
  });
  let group: number | undefined;
  let isOver = false;
  /** How many process groups the supervisor is to end with this process. */
  let groups = 0;
  let cancel = () => {};

  const watch = watchSupervisor({ clock: steady, onceRead: (run) => void setImmediate(run), hung: () => void child.kill("SIGKILL") });

  function say(line: FromAgent): void {
    if (!stdin?.writable) return;
    stdin.write(`${writeFromAgent(line)}\n`);
    watch.sent(line);
  }

  function beat(): void {
    cancel = clock.after(beatMs, beat);
    say({ type: "beat" });
  }

  function ended(exit: Exited): void {
    if (isOver) return;
    isOver = true;
    leaveSupervisor();
    resolveOver(exit);
  }

  /** The end of its input says that this process is gone: the supervisor would end the groups that are left. */
  function leaveSupervisor(): void {
    if (!isOver || groups > 0) return;
    cancel();
    stdin?.end();
  }

  function endWithAgent(group: ProcessGroup): () => void {
    groups += 1;
    say({ type: "began", group });
    let isTakenBack = false;
    return () => {
      if (isTakenBack) return;
      isTakenBack = true;
      groups -= 1;
      say({ type: "ended", group });
      leaveSupervisor();
    };
  }

  function signalGroup(name: "SIGTERM" | "SIGKILL"): void {
    try {
      if (group !== undefined && process.platform !== "win32") process.kill(-group, name);
    } catch {
      // The process has exited already.
    }
  }

  let isOrphaned = false;
  /**
   * Ends a program whose supervisor is gone. The program has seen the end of its input by then, which is its stop. Where the supervisor went
   * in good order its last word is still on the way.
   */
  function orphaned(): void {
    if (isOver || isOrphaned) return;
    isOrphaned = true;
    clock.after(orphanMs, () => {
      if (isOver) return;
      signalGroup("SIGTERM");
      clock.after(orphanMs, () => {
        signalGroup("SIGKILL");
        ended({ status: 128, fault: "supervisor.ended" });
      });
    });
  }

  const lines = createCutter(2 * lineMost, (text) => {
    const line = readFromSupervisor(text);
    watch.heard();
    if (line.type === "beat") return;
    if (line.type === "out" || line.type === "err") heard[line.type](line.line);
    else if (line.type === "done") {
      watch.done(line.id);
      heard.done(line.id);
    } else if (line.type === "failed") heard.failed(line.id, line.says);
    else if (line.type === "interrupted") heard.interrupted(line.silentMs);
    else if (line.type === "spawned") {
      group = line.group;
      watch.started();
    } else ended(line.exit);
  });
  stdout?.on("data", lines.put);
  child.once("error", orphaned);
  // Not "close": a module holds the pipe of its frames for as long as it runs.
  child.once("exit", orphaned);
  // A broken pipe needs no report of its own: the end of the supervisor is reported.
  for (const pipe of child.stdio) pipe?.on("error", () => {});
  const frames = createFrames((frame) => heard.frame?.(frame), { clock: steady });
  child.stdio[3]?.on("data", frames);
  beat();

  const program: Program = {
    ended: over,
    write({ id, ...message }) {
      const kind = message.type in kinds ? kinds[message.type as keyof typeof kinds] : "other";
      say({ type: "message", kind, id, json: JSON.stringify(message) });
    },
    endWithAgent,
    declare: (stages) => say({ type: "stages", stages }),
    end: () => say({ type: "end" }),
    kill: (signal) => say({ type: "signal", signal }),
  };
  return program;
};

function orderOf(what: Launch): LaunchOrder {
  if ("line" in what) return { shell: what.line };
  return { file: process.execPath, args: [...argumentsOf("host"), what.module], frames: true };
}
