import type { ControlGrant, StopReason, ToOperator } from "@tether/protocol/control";
import type { ClientSessionId } from "@tether/protocol/id";
import type { Passed } from "./manoeuvre.ts";
import type { Bounds, Way } from "./state.ts";

/** The broker's word of who may drive. */
export type Word = { readonly epoch: number; readonly session: ClientSessionId | undefined; readonly released: boolean };

/** All that can happen to a guard. `link` says on which pair of channels. */
export type Happening =
  /** A grant was shown on a channel with `session`. Without a grant its signature did not hold. */
  | { readonly type: "shown"; readonly link: number; readonly session: ClientSessionId; readonly grant: ControlGrant | undefined }
  | {
      readonly type: "commanded";
      readonly link: number;
      readonly epoch: number;
      readonly seq: number;
      /** By the operator's clock. */
      readonly sentAt: number;
      /** When the picture was taken that the operator looked at. */
      readonly pictureAt?: number | undefined;
      readonly command: unknown;
    }
  /** Anyone ordered a stop. `press` names it where it may come by another way too. */
  | { readonly type: "ordered"; readonly press?: { readonly name: string; readonly way: Way } | undefined }
  /** A client's channels are open. */
  | { readonly type: "joined"; readonly link: number }
  | { readonly type: "resumed"; readonly link: number; readonly epoch: number; readonly stop: number; readonly seq: number }
  /** The operator answered a question for its clock. */
  | { readonly type: "sampled"; readonly link: number; readonly t0: number; readonly t1: number }
  | { readonly type: "closed"; readonly link: number }
  /** The broker welcomed the robot. */
  | { readonly type: "welcomed"; readonly serverTime: number; readonly word: Word | undefined }
  | { readonly type: "told"; readonly word: Word }
  /** The robot's signalling is away. */
  | { readonly type: "lost" }
  /** The driver has stopped the robot. */
  | { readonly type: "carried"; readonly turn: number; readonly stages?: readonly Passed[] }
  /** The driver could not do what it was told. */
  | { readonly type: "failed" }
  /** Whether the stop in force will be known after a restart. */
  | { readonly type: "noted"; readonly kept: boolean }
  /** A client was told when a picture was taken. */
  | { readonly type: "pictured" }
  /** Time passed. */
  | { readonly type: "due" }
  | { readonly type: "left" };

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

/** What is to be done besides the work a state stands for. */
export type Effect =
  | { readonly type: "command"; readonly command: unknown; readonly obeyed: Obeyed; readonly bounds: Bounds }
  | { readonly type: "tell"; readonly link: number; readonly message: ToOperator }
  | { readonly type: "announce"; readonly message: ToOperator }
  /** The stop was carried out; everyone is told. */
  | {
      readonly type: "stopped";
      readonly reason: StopReason;
      readonly latencyMs: number;
      readonly stop: number | undefined;
      readonly stages: readonly Passed[];
    };
