import type { Stages } from "./ladder.ts";
import type { ProcessGroup } from "./process-group.ts";

/**
 * The protocol between agent and supervisor: one line a message, and the first character names its type. A message to the driver is
 * `c`, `s` or `m`, its number, a space, and a JSON object without an `id`, which the supervisor adds. `d` and a JSON object are the stages that the driver declared.
 * `g` and `x` with a JSON object are a process group of the agent that began and that ended.
 */

/** A line from the agent. */
export type FromAgent =
  | { readonly type: "beat" }
  | { readonly type: "message"; readonly kind: "command" | "stop" | "other"; readonly id: number; readonly json: string }
  | { readonly type: "stages"; readonly stages: Stages }
  /** A process group that must not outlive the agent. */
  | { readonly type: "began"; readonly group: ProcessGroup }
  | { readonly type: "ended"; readonly group: ProcessGroup }
  | { readonly type: "end" }
  | { readonly type: "signal"; readonly signal: "SIGTERM" | "SIGKILL" };

const kinds = { c: "command", s: "stop", m: "other" } as const;
const letters = { command: "c", stop: "s", other: "m" } as const;

export function writeFromAgent(line: FromAgent): string {
  if (line.type === "beat") return ".";
  if (line.type === "end") return "z";
  if (line.type === "stages") return `d${JSON.stringify(line.stages)}`;
  if (line.type === "began" || line.type === "ended") return `${line.type === "began" ? "g" : "x"}${JSON.stringify(line.group)}`;
  if (line.type === "signal") return line.signal === "SIGTERM" ? "t" : "k";
  return `${letters[line.kind]}${line.id} ${line.json}`;
}

/** Undefined if the line is malformed. */
export function readFromAgent(line: string): FromAgent | undefined {
  const [letter = ""] = line;
  if (letter === ".") return { type: "beat" };
  if (letter === "z") return { type: "end" };
  if (letter === "d") return { type: "stages", stages: JSON.parse(line.slice(1)) };
  if (letter === "g" || letter === "x") return { type: letter === "g" ? "began" : "ended", group: JSON.parse(line.slice(1)) };
  if (letter === "t") return { type: "signal", signal: "SIGTERM" };
  if (letter === "k") return { type: "signal", signal: "SIGKILL" };
  if (letter !== "c" && letter !== "s" && letter !== "m") return undefined;
  const space = line.indexOf(" ");
  const id = Number(line.slice(1, space));
  return space > 1 && Number.isSafeInteger(id) ? { type: "message", kind: kinds[letter], id, json: line.slice(space + 1) } : undefined;
}

/** The reason for which a supervisor ends a driver by itself. */
export type Fault = "agent.gone" | "agent.hung" | "driver.flooded";

/** The faults that leave the time for the stages that the driver declared. */
export type Absence = Exclude<Fault, "driver.flooded">;

/** A driver's exit status (128 plus the signal's number after a signal), and the supervisor's reason if the supervisor ended the driver. */
export type Exit = { readonly status: number; readonly signal?: string; readonly fault?: Fault };

/** A line from the supervisor. */
export type FromSupervisor =
  /** The answer to a beat of the agent. */
  | { readonly type: "beat" }
  /** The driver's process group. */
  | { readonly type: "spawned"; readonly group: number }
  | { readonly type: "out"; readonly line: string }
  | { readonly type: "err"; readonly line: string }
  /** The driver has answered this message and every one before it. */
  | { readonly type: "done"; readonly id: number }
  /** The driver could not do what this message says. */
  | { readonly type: "failed"; readonly id: number; readonly says?: string }
  /** The agent was silent, so the robot was stopped. The supervisor passes on no command until the agent itself has sent a stop. */
  | { readonly type: "interrupted"; readonly silentMs: number }
  | { readonly type: "ended"; readonly exit: Exit };

export function writeFromSupervisor(line: FromSupervisor): string {
  if (line.type === "beat") return ".";
  if (line.type === "out") return `o${line.line}`;
  if (line.type === "err") return `e${line.line}`;
  return `j${JSON.stringify(line)}`;
}

export function readFromSupervisor(line: string): FromSupervisor {
  const rest = line.slice(1);
  if (line.startsWith(".")) return { type: "beat" };
  if (line.startsWith("o")) return { type: "out", line: rest };
  if (line.startsWith("e")) return { type: "err", line: rest };
  return JSON.parse(rest);
}
