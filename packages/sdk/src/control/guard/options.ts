import type { StageResult, StopReason, ToOperator } from "@tether/protocol/control";
import type { Declaration } from "@tether/protocol/declaration";
import type { ClientSessionId } from "@tether/protocol/id";
import type { Channels, Joins } from "../channel.ts";
import type { Obeyed } from "./event.ts";
import type { Manoeuvre } from "./manoeuvre.ts";

/** The driver as the guard knows it: how it obeys, how it stops, and what it tells. */
export type GuardOptions = {
  /** Obeys a command, at once. An exception stops the robot. */
  readonly onCommand: (command: unknown, obeyed: Obeyed) => void;
  /** A button was pressed that the robot declared: called once for each press, after the command that told of it. An exception stops the robot. */
  readonly onPress?: (button: string, obeyed: Obeyed) => void;
  /** The robot's declaration of what it is. Clients are told it, and `onCommand` is given every declared axis, within its bounds, and nothing else. */
  readonly declaration?: Declaration | undefined;
  /** The driver obeys `limit` by itself: its commands come as they were sent, but for the policy's highest speeds. */
  readonly limits?: boolean;
  /** Stops the robot; over when it stands. Where it rejects it is called again until it does not, and nothing is obeyed meanwhile. */
  readonly stop: (reason: StopReason) => void | Promise<void>;
  /** The stages before and after `stop`; there are none unless declared. */
  readonly manoeuvre?: Manoeuvre;
  /** The robot stands. `latencyMs`: since the reason for it was known; `stages`: how those went that it declared. */
  readonly onStop?: (reason: StopReason, measured: { readonly latencyMs: number; readonly stages?: readonly StageResult[] }) => void;
  /** Another session may drive, or none: now, or as soon as the robot stands. */
  readonly onHolder?: (holder: Guard["holder"]) => void;
  /** Whether a stop by order is in force from before, as when the program was started again: it holds until the holder resumes. R18 */
  readonly isStopped?: boolean;
  /**
   * A stop by order came into force, or its holder resumed: to be remembered beyond the program. Where it answers that it was not,
   * everyone is told, and it is asked again until it is.
   */
  readonly onOrder?: (isStopped: boolean) => undefined | Promise<"kept" | "unkept">;
};

type Picture = Omit<Extract<ToOperator, { type: "picture" }>, "type" | "takenAt"> & { readonly ageMs: number };

/** Stands between all operators and the robot's driver. In doubt the robot stops. */
export interface Guard extends Joins {
  /** Takes the channels with a client. Calling what it returns gives them up. */
  open(client: ClientSessionId, channels: Channels): () => void;
  /** Stops the robot as a stop by order does: it holds until the holder resumes. */
  stop(): void;
  /** Stops a robot that moves because its driver failed by itself, as by its end. No order holds it: the next command is given to the driver again. */
  fail(): void;
  /** Tells every client, but for those whose channel is behind. */
  telemetry(telemetry: unknown): void;
  /**
   * Tells every client when a picture was taken, `ageMs` ago, so that they can say which one they look at. From the first on, commands are
   * limited by how old their picture is. `stream` is the id of its stream; `rtp` or `mark` says which picture of it. R34
   */
  picture(picture: Picture): void;
  /** Stops the robot for good; resolves once it stands. */
  close(): Promise<void>;
  /** Whether it obeyed a command and was not stopped since. */
  readonly moving: boolean;
  /** The session that may drive it now. */
  readonly holder: { readonly session: ClientSessionId; readonly epoch: number } | undefined;
  /** Whether a session may drive it, now or as soon as it stands. */
  readonly isHeld: boolean;
}
