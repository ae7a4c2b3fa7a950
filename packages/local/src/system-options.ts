import type { IncomingMessage, ServerResponse } from "node:http";
import type { Log } from "@tether/aws/invocation";
import type { ControlKeys } from "@tether/core/control";
import type { IceProvider } from "@tether/core/ice";
import type { Random } from "@tether/core/id";
import type { KeyRing } from "@tether/core/ticket";
import type { SignIns } from "@tether/core/user";
import type { Clock } from "./clock/clock.ts";
import type { Quiet } from "./clock/quiet.ts";
import type { Meter } from "./engine/meter.ts";
import type { Fault } from "./fault/fault.ts";
import type { Faults } from "./fault/faults.ts";
import type { Cors } from "./gateway/cors.ts";
import type { Identity } from "./identity/identity.ts";
import type { Turn } from "./turn.ts";

/** The parts and the settings of a system that differ between runs. */
export type SystemOptions = {
  /** 0 takes a free one. */
  readonly port: number;
  /** Without it all is kept in memory. */
  readonly dataDir?: string;
  /** A DynamoDB endpoint to use in place of the engine that comes along. */
  readonly dynamodb?: string;
  /** Told what each request to the store costs. */
  readonly meter?: Meter;
  readonly clock: Clock;
  /** Runs the engine and what waits for the real world; the same as `clock` unless time is virtual. */
  readonly realClock: Clock;
  readonly random: Random;
  readonly ring: KeyRing;
  /** Without them a key is made for this run. */
  readonly controlKeys?: ControlKeys;
  readonly identityKeys?: { load(): Promise<unknown>; save(keys: unknown): Promise<void> };
  readonly ice?: IceProvider;
  /** The address by which ends reach it, where something that speaks TLS stands before it; its own unless told. */
  readonly publicOrigin?: string;
  /** Origins besides its own whose pages may call the API. */
  readonly origins?: readonly string[];
  /** In place of the identity provider's own. */
  readonly signIns?: SignIns;
  /** How long leases are, in ms. */
  readonly leaseMs?: number;
  /** Under which metrics are counted; they are left out without it. */
  readonly namespace?: string;
  readonly log: Log;
  /**
   * For faults and ids of the gateway: the same seed gives the same run, and the same ids. Without one both come of `random`, as
   * they must where the table outlives the process: an id that comes again belongs to a session that is not the new connection's.
   */
  readonly seed?: number;
  readonly faults?: Faults;
  /** The limits that the cloud keeps at all times; as AWS documents them unless told. */
  readonly permanent?: readonly Fault[];
  readonly quiet?: Quiet;
  /** New connections a second; the account's quota unless told. The API throttles by it too. */
  readonly connectsPerSecond?: number;
  /** The keys of which requests and handshakes must show one, as behind a deployment's edge; none unless told. */
  readonly edgeKeys?: readonly string[];
  /** Whether runs of the sweeper that found nothing say so once an hour alone, as deployed. */
  readonly mutesIdle?: boolean;
  /** A CORS configuration of the HTTP API; none is deployed. */
  readonly cors?: Cors;
  /** Leaves out runs of the sweeper that would find nothing, for years of virtual time. */
  readonly sweepsWhereDue?: boolean;
  /** In which order what comes to the gateway, and what handlers ask of store and gateway, has its turn; as it comes unless told. */
  readonly turn?: Turn;
  /** The other cells of a deployment whose home this is, and the keys that it shows them. */
  readonly cells?: { readonly origins: ReadonlyMap<string, string>; readonly keys: readonly string[] };
  /** The home cell, where this is another one: who its users are, and the keys that it shows. */
  readonly home?: { readonly origin: string; readonly identity: Identity; readonly keys: readonly string[] };
  /** Answers requests that are for neither of the parts. */
  readonly also?: { handle(request: IncomingMessage, response: ServerResponse): boolean };
};
