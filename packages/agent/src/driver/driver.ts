import type { Account } from "@tether/protocol/account";
import type { StopReason } from "@tether/protocol/control";
import type { Clock } from "@tether/sdk/clock";

/** A picture: its luma plane, then both chroma planes at half its width and height (I420). Both are even. */
export type Frame = { readonly width: number; readonly height: number; readonly data: Uint8Array };

/** Of the command at hand: the control epoch it was given in, and how old it was when the robot got it. */
export type Given = {
  readonly epoch: number;
  readonly ageMs: number;
  /** The share of its speed (0 to 1) that the command was given because of how blind its operator was, and how blind, in ms. */
  readonly limit: number;
  readonly blindMs?: number | undefined;
};

/** How a driver came to its end by itself: its own exit code, the signal that ended it if one did, what is so, and why. */
export type Ended = {
  readonly status: number;
  readonly signal?: string;
  readonly says: string;
  readonly cause?: "driver.ended" | "driver.hung" | "driver.flooded" | "agent.hung";
};

/** A driver's end as the service is told of it. */
export function accountOf({ status, signal, cause = "driver.ended" }: Ended): Account {
  return { cause, status: status & 0xff, ...(signal !== undefined && { signal }), ...(cause === "driver.hung" && { during: "stop" }) };
}

/** What a module exports as `createDriver`. `log` is for whoever reads the agent's output. */
export type CreateDriver = (env: { readonly clock: Clock; readonly log: (says: string) => void }) => Driver;

/** What makes a robot move and tells how it does. docs/driver.md says what each method must guarantee. */
export interface Driver {
  /** Makes ready. Called once, before all else but `stop` and `close`; over when commands may come. */
  start(): Promise<void>;
  /** Obeys, and returns at once. What it throws stops the robot. */
  command(command: unknown, given: Given): void;
  /**
   * Stops the robot; over when it stands. At once, at any time, and any number of times. Where it rejects it is called again until it
   * does not, and nothing is obeyed meanwhile.
   */
  stop(reason: StopReason): Promise<void>;
  /** Tells what it measures until what it returns is called. Begun when somebody is there to hear it. */
  telemetry(tell: (telemetry: unknown) => void): () => void;
  /** Shows what the robot sees until what it returns is called. Begun when somebody is there to look. */
  video?(show: (frame: Frame) => void): () => void;
  /** The driver is over without having been closed. Never rejects. */
  readonly ended?: Promise<Ended>;
  /** Lets go of all it has. The robot stands when it is over. */
  close(): Promise<void>;
}
