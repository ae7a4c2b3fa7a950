import type { Log } from "@tether/aws/invocation";
import type { Metric } from "@tether/aws/metric";
import type { Clock } from "@tether/core/clock";
import type { ControlKeys } from "@tether/core/control";
import type { IceProvider } from "@tether/core/ice";
import type { Ids } from "@tether/core/id";
import type { Outbox } from "@tether/core/outbox";
import type { Buckets } from "@tether/core/rate";
import type { Live, Transition } from "@tether/core/session";
import type { Pacing, Store } from "@tether/core/store";
import type { KeyRing } from "@tether/core/ticket";

/** The broker's handlers get everything from outside by this. */
export type Env = {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly outbox: Outbox;
  /** How it waits before a notice is posted again. */
  readonly pacing: Pacing;
  /** With which tickets are made and checked. */
  readonly ring: KeyRing;
  /** The keys that sign permits. */
  readonly controlKeys: ControlKeys;
  readonly ice: IceProvider;
  /** The keys of which a handshake must show one; without any, the broker has no edge before it. */
  readonly edgeKeys?: readonly string[];
  readonly log: Log;
  /** How many presses of stop by one person are told to others than the robot, as this instance counts them. */
  readonly stopNews?: Buckets;
  /** Handed what a verb read of a robot, by the frame that is answered. */
  readonly onRead?: (live: Live) => void;
  /** Told of each transition of a session. */
  readonly onTransition: (entry: Transition) => void;
  /** Where metrics are counted. */
  readonly namespace?: string | undefined;
  /** The metrics that are counted; all unless told. */
  readonly counted?: ReadonlySet<Metric> | undefined;
};
