import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import type { Readable } from "node:stream";
import type { Clock } from "@tether/sdk/clock";
import { createCutter } from "../../supervisor/line.ts";
import { type ProcessGroup, processGroupOf, signalGroup } from "../../supervisor/process-group.ts";

/** GStreamer's bindings are packages of the system, which another Python on the path does not see. */
export const python = existsSync("/usr/bin/python3") ? "/usr/bin/python3" : "python3";
/** The longest line of a program that is read, in bytes. */
const lineMost = 4_096;
/** The time between the end of a program's input and SIGKILL, in ms. */
const endMs = 1_000;
/** How often a group whose leader ended is looked at, in ms. */
const lookMs = 50;

export type Notify = {
  log(source: string, says: string): void;
  /** A process group began, or all of it that was started here is gone. */
  began(group: ProcessGroup): void;
  ended(group: ProcessGroup): void;
};

type Env = {
  readonly clock: Clock;
  readonly notify: Notify;
  /** The name of the camera, the microphone or the speaker, for the log. */
  readonly name: string;
  /** Called once, before the programs are ended. */
  readonly closed: () => void;
  /** Called once, unless they were ended from here. */
  readonly ended: (says: string) => void;
};

type Options = { readonly shell?: boolean; readonly feed?: Readable | null; readonly env?: object };

/** The programs of one camera, microphone or speaker: where one ends, all of them do. */
export function createProgramGroup({ clock, notify: { log, began, ended: gone }, name, closed, ended }: Env) {
  const children: ChildProcess[] = [];
  const groups = new Set<ProcessGroup>();
  const ends: Promise<void>[] = [];
  let isOver = false;
  let isKilled = false;
  let failure: string | undefined;

  async function close(): Promise<void> {
    if (isOver) return;
    isOver = true;
    closed();
    for (const child of children) child.stdin?.end();
    for (const group of groups) signalGroup(group, "SIGTERM");
    const cancel = clock.after(endMs, () => {
      isKilled = true;
      for (const group of groups) signalGroup(group, "SIGKILL");
    });
    await Promise.all(ends);
    cancel();
  }

  /** A shell ends before a program of its own that heeds no SIGTERM, or that was stopped by SIGSTOP: the group is over when all of it is. */
  async function untilGone(group: ProcessGroup): Promise<void> {
    while (!isKilled && signalGroup(group, 0)) await new Promise<void>((resolve) => clock.after(lookMs, resolve));
    groups.delete(group);
    gone(group);
  }

  function over(says: string): void {
    if (isOver) return;
    void close();
    ended(failure ?? says);
  }

  return {
    get isOver() {
      return isOver;
    },
    close,
    over,
    /** The program said how it fails; it is over once it ends. */
    fail(says: string): void {
      failure = says;
    },
    /** `onLine` hears the lines of its output; without it, that is the caller's. */
    run(file: string, args: readonly string[], options: Options, onLine?: (line: string) => void): ChildProcess {
      const child = spawn(file, [...args], {
        shell: options.shell ?? false,
        detached: process.platform !== "win32",
        stdio: ["pipe", "pipe", "pipe", ...(options.feed ? [options.feed] : [])],
        env: { ...process.env, ...options.env },
        windowsHide: true,
      });
      children.push(child);
      if (child.pid !== undefined) {
        const group = processGroupOf(child.pid);
        groups.add(group);
        began(group);
        ends.push(new Promise((resolve) => child.once("exit", () => void untilGone(group).then(resolve))));
      }
      child.stdin?.on("error", () => {});
      child.stderr?.on("data", createCutter(lineMost, (line) => log(name, line)).put);
      if (onLine) child.stdout?.on("data", createCutter(lineMost, onLine).put);
      child.once("error", (error) => over(`Its program could not be started: ${error.message}.`));
      child.once("exit", (status, by) => over(by ? `Its program ended by ${by}.` : `Its program ended with status ${status}.`));
      return child;
    },
  };
}
