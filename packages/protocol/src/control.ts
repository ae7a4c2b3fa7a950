import * as z from "zod/mini";
import { Declaration } from "./declaration.ts";
import { PublicKey } from "./http/public-key.ts";
import { ClientSessionId, RobotId } from "./id.ts";
import { limits } from "./limits.ts";
import { said } from "./stop.ts";
import { Text } from "./text.ts";

const { deadmanMs, maxAgeMs, blindMs, stopMs, speed } = limits.control;

const Speed = z.number().check(z.gte(speed.least), z.lte(speed.most));

/** A robot's rules for being driven. Durations in ms. */
export const ControlPolicy = z.object({
  /** No valid command for so long stops the robot. */
  deadmanMs: z.int().check(z.gte(deadmanMs.least), z.lte(deadmanMs.most)),
  /** A command older than this at the robot is not obeyed. */
  maxAgeMs: z.int().check(z.gte(maxAgeMs.least), z.lte(maxAgeMs.most)),
  /**
   * The blind time is how old what the operator saw is when the command it led to is there: picture and command together. Above this
   * the robot goes slower in proportion. Null where its operators look at no picture of it.
   */
  blindMs: z.nullable(z.int().check(z.gte(blindMs.least), z.lte(blindMs.most))),
  /** Above this blind time it stops. */
  stopMs: z.int().check(z.gte(stopMs.least), z.lte(stopMs.most)),
  /** The fastest it is to go ahead (m/s) and to turn (rad/s); null leaves it to the driver. */
  maxLinear: z.nullable(Speed),
  maxAngular: z.nullable(Speed),
  /** The outcome of a request that the holder does not answer. */
  unanswered: z.enum(["deny", "grant"]),
  /** From which role on one may take control from its holder. */
  takers: z.enum(["owner", "operator"]),
});
export type ControlPolicy = z.infer<typeof ControlPolicy>;

/** The policy of a robot whose owner set none. */
export const defaultPolicy: ControlPolicy = {
  deadmanMs: deadmanMs.usual,
  maxAgeMs: maxAgeMs.usual,
  blindMs: blindMs.usual,
  stopMs: stopMs.usual,
  maxLinear: null,
  maxAngular: null,
  unanswered: "deny",
  takers: "owner",
};

/** Control names who may drive. `epoch` grows with every change of holder, also to nobody; `version` with every change: of two the higher is the newer. */
export const Control = z.object({
  version: z.int().check(z.nonnegative()),
  epoch: z.int().check(z.nonnegative()),
  holder: z.optional(
    z.object({
      session: ClientSessionId,
      user: z.object({ id: Text, name: z.optional(Text) }),
      /** When control is free again unless renewed, as of this frame: a renewal is told to the holder alone. */
      expiresAt: z.int(),
      /** Set while the holder is away: until when control is kept for it. */
      keptUntil: z.optional(z.int()),
    }),
  ),
});
export type Control = z.infer<typeof Control>;

/**
 * The claims of a permit, which travels as a compact JWS (RFC 7515, EdDSA, `typ` tether-permit) signed by the broker; the operator shows it
 * to the robot on the data channel, and the robot checks it with the keys that `welcome` gave it. Instants in ms by the broker's clock.
 */
export const ControlPermit = z.object({
  robot: RobotId,
  session: ClientSessionId,
  user: Text,
  epoch: z.int().check(z.positive()),
  issuedAt: z.int(),
  expiresAt: z.int(),
  deadmanMs: z.int(),
  maxAgeMs: z.int(),
  // A broker that does not know these yet says nothing of them.
  blindMs: z.optional(z.nullable(z.int())),
  stopMs: z.optional(z.int()),
  maxLinear: z.optional(z.nullable(z.number())),
  maxAngular: z.optional(z.nullable(z.number())),
});
export type ControlPermit = z.infer<typeof ControlPermit>;

/** A request for control that its holder is to answer: who asks, and until when to answer. */
export const PendingRequest = z.object({
  from: ClientSessionId,
  user: z.object({ id: Text, name: z.optional(Text) }),
  answerBy: z.int(),
});
export type PendingRequest = z.infer<typeof PendingRequest>;

/**
 * The part of `welcome` about control: the state, to the holder the requests that wait for its answer, and to a robot the keys that sign
 * permits, newest first.
 */
export const ControlWelcome = z.object({
  control: Control,
  policy: ControlPolicy,
  requests: z.optional(z.array(PendingRequest)),
  keys: z.optional(z.array(z.object({ kid: Text, key: PublicKey }))),
});
export type ControlWelcome = z.infer<typeof ControlWelcome>;

/** The channels between an operator and a robot. */
export const channels = {
  /** Unordered, never sent again: commands, of which only the newest counts. */
  control: { label: "tether.control", options: { ordered: false, maxRetransmits: 0 } },
  /** Reliable and ordered: permits, their acceptance, telemetry, stop, clock samples. */
  events: { label: "tether.events", options: { ordered: true } },
} as const;

/** A counter that begins at 1. Its bound keeps every sum of it exact in every language. R19 */
const number = z.int().check(z.gte(1), z.lte(limits.control.numberMost));
/** In ms, by whichever clock: all that a date can be (ECMA-262 §21.4.1.1). R19 */
const instant = z.number().check(z.gte(-8.64e15), z.lte(8.64e15));

/** A command on `tether.control`. `seq` grows within an epoch; `sentAt` is the operator's own clock in ms. */
export const Command = z.object({
  epoch: number,
  seq: number,
  sentAt: instant,
  /** When the picture was taken that the operator was looking at: by the robot's clock, as `picture` told it. */
  pictureAt: z.optional(instant),
  /** The driver's own, e.g. `{ linear, angular }`; of a robot that declared itself, its axes by their names and a `Press`. R36 */
  command: z.unknown(),
});
export type Command = z.infer<typeof Command>;

/** Goes on both channels: `tether.control` does not wait for what was lost before it, `tether.events` sends it until it comes. R7 */
export const Stop = z.object({ type: z.literal("stop"), ...said });

/** Asks whether the robot is there, on `tether.control`: an answer that waits behind lost ones on a reliable channel comes too late. */
export const Ping = z.object({ type: z.literal("ping"), t0: z.optional(instant) });
/** `at`: the robot's clock, by which `takenAt` of its pictures is. `t0` as it came. */
export const Pong = z.object({ type: z.literal("pong"), t0: z.optional(instant), at: z.optional(instant) });

/** Messages on `tether.control`, operator to robot. */
export const OnControl = z.union([Stop, Ping, Command]);

/** Messages on `tether.events`, operator to robot. */
export const ToRobot = z.discriminatedUnion("type", [
  z.object({ type: z.literal("permit"), permit: Text.check(z.maxLength(4_096)) }),
  Stop,
  /**
   * The holder drives on after the stop of that number, which it was told of in `stopped` or `accepted`: no command in flight can
   * undo a stop. `seq` is the highest it sent so far; commands up to it are dropped.
   */
  z.object({ type: z.literal("resume"), epoch: number, stop: number, seq: z.union([z.literal(0), number]) }),
  /** Answers a clock sample: `t0` as it came, `t1` when it came, by the operator's clock. */
  z.object({ type: z.literal("clock"), t0: instant, t1: instant }),
]);
export type ToRobot = z.infer<typeof ToRobot>;

/** Why the robot does not obey, or stopped. */
export const StopReason = z.enum([
  "deadman",
  "epoch",
  "stop",
  "permit.over",
  "signalling.away",
  "released",
  "leaving",
  "channel.closed",
  "driver.failed",
  "blind",
]);
export type StopReason = z.infer<typeof StopReason>;

/** How one stage of the end of valid control went, and how long it was waited for, in ms. R26 */
export const StageResult = z.object({
  stage: z.enum(["slow", "stop", "safe"]),
  became: z.enum(["done", "late", "failed"]),
  tookMs: z.number().check(z.gte(0), z.lte(1e9)),
});
export type StageResult = z.infer<typeof StageResult>;

/** Messages on `tether.events`, robot to operator. Ages and latencies in ms, by the robot's clock. */
export const ToOperator = z.discriminatedUnion("type", [
  /** `seq`: the highest obeyed in this epoch, above which a page that was loaded again goes on. `stop`: one that waits for `resume`. */
  z.object({ type: z.literal("accepted"), epoch: z.int(), seq: z.int(), stop: z.optional(z.int()) }),
  z.object({
    type: z.literal("refused"),
    epoch: z.int(),
    reason: z.enum(["permit.invalid", "permit.over", "epoch.old", "signalling.away", "robot.other", "session.other"]),
  }),
  /** The broker does not vouch for the permit just now, as when the robot's signalling is away: show a fresh one soon, or lose it. */
  z.object({ type: z.literal("renew"), epoch: z.int() }),
  /** To everyone on a channel. `stop`: its number, where it was ordered; no command is obeyed until the holder resumes from it. */
  z.object({
    type: z.literal("stopped"),
    reason: StopReason,
    latencyMs: z.number(),
    stop: z.optional(z.int()),
    /** Of a robot that declared some, in their order. */
    stages: z.optional(z.array(StageResult)),
  }),
  /**
   * A stop is in force, of that number: to who joins while one is, and to everyone where it could not be kept. `kept` is false where the
   * robot would drive after a restart without `resume`.
   */
  z.object({ type: z.literal("latched"), stop: z.int(), kept: z.boolean() }),
  /** A picture of that stream has this RTP timestamp, or shows this mark, and was taken then, by the robot's clock. */
  z.object({ type: z.literal("picture"), stream: Text, rtp: z.optional(z.int()), mark: z.optional(z.int()), takenAt: z.number() }),
  /** To everyone: the holder resumed from the stop of that number. */
  z.object({ type: z.literal("resumed"), stop: z.int() }),
  z.object({ type: z.literal("clock"), t0: z.number() }),
  z.object({
    type: z.literal("state"),
    epoch: z.int(),
    moving: z.boolean(),
    commandAgeMs: z.optional(z.number()),
    /** Of the channel, as the robot measured it. */
    roundTripMs: z.optional(z.number()),
    /** Of the last command that was obeyed: picture and command together, and the share of its speed that it was given for that. */
    blindMs: z.optional(z.number()),
    limit: z.optional(z.number()),
    stop: z.optional(z.int()),
    /** Commands not obeyed since the permit was accepted, by reason. */
    dropped: z.optional(z.record(Text, z.int())),
  }),
  z.object({ type: z.literal("telemetry"), telemetry: z.unknown() }),
  /** The robot declares what it is, first of all, to each client whose channel opens. R35 */
  z.object({ type: z.literal("declaration"), declaration: Declaration }),
]);
export type ToOperator = z.infer<typeof ToOperator>;

/** Every message of the robot, on either channel. */
export const FromRobot = z.discriminatedUnion("type", [...ToOperator.def.options, Pong]);
export type FromRobot = z.infer<typeof FromRobot>;
