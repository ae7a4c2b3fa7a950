/** A program that runs beside the agent, as its driver sees it. */
export interface Program {
  /** Puts a line on its standard input. Does nothing once it is over. */
  write(line: string): void;
  /** Ends its standard input. */
  end(): void;
  kill(signal: "SIGTERM" | "SIGKILL"): void;
  /** What it exited with; 128 and the signal's number where a signal ended it. */
  readonly ended: Promise<number>;
}

export type Heard = { out(line: string): void; err(line: string): void };

/** Runs a command line of the machine's shell. */
export type Spawn = (command: string, heard: Heard) => Program;
