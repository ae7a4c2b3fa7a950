import type { Stages } from "../../supervisor/ladder.ts";
import type { ProcessGroup } from "../../supervisor/process-group.ts";
import type { LaunchOrder } from "../../supervisor/spawn.ts";
import type { Exit, Fault } from "../../supervisor/wire.ts";
import type { Frame } from "../driver.ts";
import type { ToProgram } from "./message.ts";

/** `supervisor.ended`: the process between the agent and the program ended, and the program with it. */
export type Exited = Omit<Exit, "fault"> & { readonly fault?: Fault | "supervisor.ended" };

/** A running driver program. */
export interface Program {
  /** Writes a message to the program's standard input. Does nothing after the program has ended. */
  write(line: ToProgram): void;
  /** Tells the supervisor the stages that the program declared: it carries them out where this process cannot. */
  declare(stages: Stages): void;
  /** Has the supervisor end that process group should this process be gone before it. The returned function takes that back. */
  endWithAgent(group: ProcessGroup): () => void;
  /** Ends the program's standard input. */
  end(): void;
  kill(signal: "SIGTERM" | "SIGKILL"): void;
  readonly ended: Promise<Exited>;
}

export type ProgramEvents = {
  out(line: string): void;
  err(line: string): void;
  done(id: number): void;
  failed(id: number, says: string | undefined): void;
  /** The supervisor stopped the robot because the agent was silent for so many ms. It passes on no command until it got a stop from the agent. */
  interrupted(silentMs: number): void;
  /** Called for the frames of a module. */
  frame?(frame: Frame): void;
};

/** The driver to start: a command line for the shell, or the path of a module (or `simulated`), which runs in the module host. */
export type Launch = { readonly line: string } | { readonly module: string };

/** The facts for the supervisor: see its `LaunchOrder`. */
export type Watched = Pick<LaunchOrder, "ifHung" | "lock" | "manoeuvre">;

export type Spawn = (what: Launch, heard: ProgramEvents, watched?: Watched) => Program;
