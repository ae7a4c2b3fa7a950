import type { Actor } from "@tether/protocol/actor";
import type { ControlPermit, StageResult, StopReason, ToOperator } from "@tether/protocol/control";
import type { ClientSessionId } from "@tether/protocol/id";
import type { Bounds, Way } from "./state.ts";

/** The broker's notice of who holds control. */
export type Notice = { readonly epoch: number; readonly session: ClientSessionId | undefined; readonly released: boolean };

/** All that can happen to a guard. `pair` says on which pair of channels. */
export type Happening =
  /** A permit was shown on a channel with `session`. Without `permit` its signature did not hold. */
  | { readonly type: "permitShown"; readonly pair: number; readonly session: ClientSessionId; readonly permit: ControlPermit | undefined }
  | {
      readonly type: "commanded";
      readonly pair: number;
      readonly epoch: number;
      readonly seq: number;
      /** By the operator's clock. */
      readonly sentAt: number;
      /** When the picture was taken that the operator looked at, by the robot's clock. */
      readonly pictureAt?: number | undefined;
      readonly command: unknown;
    }
  /**
   * A stop was ordered, by anyone. `press` names it where it may come by another way too; `isOnce`: no other press has its name.
   * `session` and `by` are for the broker alone.
   */
  | {
      readonly type: "stopOrdered";
      readonly press?: { readonly name: string; readonly way: Way; readonly isOnce: boolean } | undefined;
      readonly session?: ClientSessionId | undefined;
      readonly by?: Actor | undefined;
    }
  /** A client's channels are open. */
  | { readonly type: "channelsOpened"; readonly pair: number }
  | { readonly type: "resumed"; readonly pair: number; readonly epoch: number; readonly stop: number; readonly seq: number }
  /** The operator answered a question for its clock. */
  | { readonly type: "clockSampled"; readonly pair: number; readonly t0: number; readonly t1: number }
  | { readonly type: "channelsClosed"; readonly pair: number }
  /** The broker welcomed the robot. */
  | { readonly type: "welcomed"; readonly serverTime: number; readonly notice: Notice | undefined }
  | { readonly type: "noticed"; readonly notice: Notice }
  /** The robot's signalling is away. */
  | { readonly type: "signallingLost" }
  /** The driver has stopped the robot. */
  | { readonly type: "stopDone"; readonly turn: number; readonly stages?: readonly StageResult[] }
  /** The driver could not do what it was told. */
  | { readonly type: "driverFailed" }
  /** Whether the stop in force will be known after a restart. */
  | { readonly type: "latchWritten"; readonly kept: boolean }
  /** A client was told when a picture was taken. */
  | { readonly type: "pictureAnnounced" }
  /** Time passed. */
  | { readonly type: "due" }
  | { readonly type: "sessionEnded" };

/** `at` is by the robot's own clock, which never goes back. */
export type Event = Happening & { readonly at: number };
export type On<Type extends Event["type"]> = Extract<Event, { type: Type }>;

/** `limit`: the share of its speed that a command may be given (0 to 1), for the time in which its operator was blind, `blindMs`. */
export type Obeyed = {
  readonly epoch: number;
  readonly seq: number;
  readonly ageMs: number;
  readonly limit: number;
  readonly blindMs?: number | undefined;
};

/** An action to perform besides the work a state stands for. */
export type Effect =
  | { readonly type: "command"; readonly command: unknown; readonly obeyed: Obeyed; readonly bounds: Bounds }
  | { readonly type: "send"; readonly pair: number; readonly message: ToOperator }
  | { readonly type: "broadcast"; readonly message: ToOperator }
  /** The stop was carried out; everyone is told. */
  | {
      readonly type: "stopped";
      readonly reason: StopReason;
      readonly latencyMs: number;
      readonly stop: number | undefined;
      readonly stages: readonly StageResult[];
    };
