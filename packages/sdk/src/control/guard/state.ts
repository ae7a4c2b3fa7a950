import type { StopReason } from "@tether/protocol/control";
import type { ClientSessionId } from "@tether/protocol/id";
import type { Sample } from "../samples.ts";

/** Instants are by the robot's own clock unless said otherwise. */

/** The broker as the robot knows it. */
export type Broker = {
  readonly online: boolean;
  /** When it was last heard of, while it is away. */
  readonly awayAt: number;
  /** The broker's clock minus the robot's, in ms. */
  readonly aheadMs: number;
  /** The epoch that its last notice named; 0 before any. */
  readonly epoch: number;
};

/** The highest epoch known, by the broker's notice or by a permit, and the one session that may drive in it. */
export type Fence = {
  readonly epoch: number;
  readonly session: ClientSessionId | undefined;
  /** The highest command obeyed in it. */
  readonly seq: number;
  /** The terms of the newest permit that was accepted in this epoch: an older permit that is shown again brings back nothing that was changed since. */
  readonly terms: Terms | undefined;
};

/** How a stop comes: by the broker's frame, or on one of the channels. */
export type Way = "frame" | "events" | "control";

/** A press of stop that was counted at `at`, and by which ways it has come since. */
export type Press = { readonly name: string; readonly isOnce: boolean; readonly at: number; readonly ways: readonly Way[] };

/** Orders to stop are numbered. A latched one holds until the holder resumes from it. */
export type Order = {
  readonly number: number;
  readonly latched: boolean;
  /** False where the next program would not know of it. */
  readonly kept: boolean;
  /** The latest that were counted. */
  readonly presses: readonly Press[];
};

export type Known = {
  readonly robot: string;
  readonly broker: Broker;
  readonly fence: Fence;
  readonly order: Order;
  /** Whether clients were told when pictures were taken: without that nobody can say which one they look at. */
  readonly announcesPictures: boolean;
  /** Counts the stops, so that the end of one is not taken for that of another. */
  readonly turn: number;
};

/** The limits of the robot's policy on speed and blind time. */
export type Bounds = {
  /** Null where nobody looks at a picture. */
  readonly blindMs: number | null;
  readonly stopMs: number;
  readonly maxLinear: number | null;
  readonly maxAngular: number | null;
};

/** The blind time of a command, from when its picture was taken to when it came, and the share of its speed it is given for that. */
export type BlindTime = { readonly blindMs: number; readonly limit: number; readonly pictureAt: number };

/** The terms of a permit: its time, by the broker's clock, and the robot's policy as it was then. */
export type Terms = {
  readonly issuedAt: number;
  readonly expiresAt: number;
  readonly deadmanMs: number;
  readonly maxAgeMs: number;
  readonly bounds: Bounds;
};

/** The session whose permit is obeyed. */
export type Holder = Terms & {
  /** The pair of channels it is obeyed on. */
  readonly pair: number;
  readonly session: ClientSessionId;
  readonly epoch: number;
  /** When to ask for a fresh permit, as long as the broker does not vouch for this one. */
  readonly askAt: number;
  readonly samples: readonly Sample[];
  /** Questions for its clock that are not answered yet. */
  readonly asked: readonly number[];
  readonly questions: number;
  readonly questionAt: number;
  readonly tellAt: number;
  readonly ageMs: number | undefined;
  /** Of the last command that was obeyed. */
  readonly blindTime: BlindTime | undefined;
  readonly dropped: Readonly<Record<string, number>>;
};

/** The robot stands, and nobody may drive it. */
export type Idle = { readonly state: "idle"; readonly known: Known };
/** The robot stands, and the holder may drive it. */
export type Armed = { readonly state: "armed"; readonly known: Known; readonly holder: Holder };
/** The robot obeyed a command less than `deadmanMs` ago. */
export type Driving = { readonly state: "driving"; readonly known: Known; readonly holder: Holder; readonly lastAt: number };
/** The driver was told to stop and has not done it yet: nothing is obeyed. */
export type Stopping = {
  readonly state: "stopping";
  readonly known: Known;
  readonly reason: StopReason;
  readonly since: number;
  /** The session that may drive afterwards. */
  readonly holder: Holder | undefined;
  /** The holder was not told yet that it may drive. */
  readonly greet: boolean;
  readonly ending: boolean;
};
/** Final. */
export type Ended = { readonly state: "ended"; readonly known: Known };

export type State = Idle | Armed | Driving | Stopping | Ended;

/** `latched`: an order to stop is in force from before. */
export function initial(robot: string, latched = false): Idle {
  const broker = { online: false, awayAt: Number.NEGATIVE_INFINITY, aheadMs: 0, epoch: 0 };
  const fence = { epoch: 0, session: undefined, seq: 0, terms: undefined };
  return {
    state: "idle",
    known: {
      robot,
      broker,
      fence,
      order: { number: latched ? 1 : 0, latched, kept: true, presses: [] },
      announcesPictures: false,
      turn: 0,
    },
  };
}
