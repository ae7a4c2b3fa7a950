import type { Account } from "@tether/protocol/account";
import type { StopReason } from "@tether/protocol/control";
import type { Declaration } from "@tether/protocol/declaration";
import type { Clock } from "@tether/sdk/clock";
import type { Manoeuvre } from "@tether/sdk/robot";

/** A picture: its luma plane, then both chroma planes at half its width and height (I420). Both are even. */
export type Frame = {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
  /** When it was taken, by the clock that the driver was given. */
  readonly takenAt?: number | undefined;
  /** Drawn into it (`drawMark`), so that an operator can say which picture a command answers. */
  readonly mark?: number | undefined;
};

/** The context of a command: the control epoch of its holder, and its age on arrival. */
export type Given = {
  readonly epoch: number;
  readonly ageMs: number;
  /** The share (0 to 1) to which the guard reduced the command's speed because of the blind time, and that time in ms. */
  readonly limit: number;
  readonly blindMs?: number | undefined;
};

/** The end of a driver that was not closed: its exit code, the signal that ended it if one did, the fact in words, and its cause. */
export type Ended = {
  readonly status: number;
  readonly signal?: string;
  readonly says: string;
  readonly cause?: "driver.ended" | "driver.hung" | "driver.flooded" | "agent.hung";
};

/** The account of a driver's end for the service. */
export function accountOf({ status, signal, cause = "driver.ended" }: Ended): Account {
  return { cause, status: status & 0xff, ...(signal !== undefined && { signal }), ...(cause === "driver.hung" && { during: "stop" }) };
}

/** The name of the driver that is part of the program. */
export const simulated = "simulated";

/** The export `createDriver` of a driver module. `log` writes to the agent's output. */
export type CreateDriver = (env: { readonly clock: Clock; readonly log: (says: string) => void }) => Driver;

/** Turns commands into motion and reports telemetry. docs/driver.md says what each method must guarantee. */
export interface Driver {
  /** Prepares the robot. Called once, before everything but `stop` and `close`. Resolves when commands may come. */
  start(): Promise<void>;
  /** Carries the command out and returns at once. An exception stops the robot. */
  command(command: unknown, given: Given): void;
  /**
   * Stops the robot at once; resolves when it stands. May be called at any time and any number of times. A rejected call is repeated
   * until one resolves, and no command is passed on meanwhile.
   */
  stop(reason: StopReason): Promise<void>;
  /** Reports measurements until the returned function is called. Called when the first viewer is connected. */
  telemetry(report: (telemetry: unknown) => void): () => void;
  /** Presses a button that the driver declared, and returns at once. An action that moves the robot ends with `stop`. An exception stops the robot. */
  press?(button: string, given: Given): void;
  /** The robot's declaration of itself; its commands then hold every axis and nothing else. Read after `start`. */
  readonly declaration?: Declaration | undefined;
  /** The driver obeys `limit` by itself: the speeds of its commands come as they were sent, within the policy's. Read after `start`. */
  readonly limits?: boolean | undefined;
  /** The stages beside `stop` for the end of valid control, each with its deadline. Read after `start`. */
  readonly manoeuvre?: Manoeuvre | undefined;
  /** Delivers the camera's frames until the returned function is called. Called when the first viewer is connected. */
  video?(show: (frame: Frame) => void): () => void;
  /** Resolves when the driver ends without having been closed. Never rejects. */
  readonly ended?: Promise<Ended>;
  /** Stops the robot and releases all resources. */
  close(): Promise<void>;
}
