import type { Note } from "../../supervisor/spawn.ts";
import type { Exit, Fault } from "../../supervisor/wire.ts";
import type { Frame } from "../driver.ts";
import type { ToProgram } from "./message.ts";

/** `supervisor`: the process between the agent and the program ended, and the program with it. */
export type Exited = Omit<Exit, "fault"> & { readonly fault?: Fault | "supervisor.ended" };

/** A program that runs beside the agent, as its driver sees it. */
export interface Program {
  /** Puts a message on its standard input. Does nothing once it is over. */
  write(line: ToProgram): void;
  /** Ends its standard input. */
  end(): void;
  kill(signal: "SIGTERM" | "SIGKILL"): void;
  readonly ended: Promise<Exited>;
}

export type Heard = {
  out(line: string): void;
  err(line: string): void;
  done(id: number): void;
  /** The agent was silent for so long, in ms, that the robot was stopped. No command gets through before a stop did. */
  interrupted(silentMs: number): void;
  /** Only a program that was told to show frames does. */
  frame?(frame: Frame): void;
};

/** What to run: a command line of the machine's shell, or the host of a driver that is a module. */
export type What = { readonly line: string } | { readonly module: string };

/** `ifHung`: what is to be written where this process has to be killed because it hangs. */
export type Spawn = (what: What, heard: Heard, ifHung?: Note) => Program;
