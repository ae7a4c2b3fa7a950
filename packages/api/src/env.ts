import type { Cells } from "@tether/aws/cell";
import type { Log } from "@tether/aws/invocation";
import type { Metric } from "@tether/aws/metric";
import type { Caller } from "@tether/core/access";
import type { Clock } from "@tether/core/clock";
import type { IceProvider } from "@tether/core/ice";
import type { Ids, Random } from "@tether/core/id";
import type { Outbox } from "@tether/core/outbox";
import type { Transition } from "@tether/core/session";
import type { Pacing, Store } from "@tether/core/store";
import type { KeyRing } from "@tether/core/ticket";
import type { SignIns } from "@tether/core/user";
import type { SignIn } from "@tether/protocol/http";
import type { Problem } from "@tether/protocol/problem";

/** The API's routes get everything from outside by this. */
export type Env = {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly outbox: Outbox;
  /** How it waits before a notice is posted again. */
  readonly pacing: Pacing;
  readonly ring: KeyRing;
  /** How long a session may act on one proof, in ms; a user's token may end it sooner. */
  readonly leaseMs: number;
  /** The randomness that one-time codes are made of. */
  readonly random: Random;
  readonly ice: IceProvider;
  readonly log: Log;
  /** Told of each transition of a session. */
  readonly onTransition: (entry: Transition) => void;
  /** Where metrics are counted. */
  readonly namespace?: string | undefined;
  /** The metrics that are counted; all unless told. */
  readonly counted?: ReadonlySet<Metric> | undefined;
  /** Verifies a user's token and answers the caller that it names. */
  readonly verifier: { verify(token: string): Promise<Caller | Problem> };
  /** Of the users whose tokens `verifier` takes. */
  readonly signIns: SignIns;
  /** The other cells, where this is the home cell of a deployment that has several. */
  readonly cells?: Cells | undefined;
  readonly settings: {
    /** The origin of this API, or the home cell's where there are several: what a robot's assertion must name as its audience. */
    readonly origin: string;
    /** Where ends connect. */
    readonly brokerUrl: string;
    /** Origins whose pages may call; the first is the console's own, where the pages about problems are. */
    readonly corsOrigins: readonly string[];
    /** The keys of which a request must show one; without any, the API has no edge before it. */
    readonly edgeKeys: readonly string[];
    /** Where this is another cell than home: the keys of which a request of home's shows one. Nobody else may ask. */
    readonly homeKeys?: readonly string[];
    /** The script that installs a robot's program, where the deployment serves one. */
    readonly install?: string | undefined;
    /** Where users get the tokens that `verifier` takes. */
    readonly signIn: SignIn;
  };
};
