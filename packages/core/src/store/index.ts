import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { limits } from "@tether/protocol/limits";
import { Service } from "electrodb";
import type { Pacing } from "../retry.ts";
import { accessPolicy } from "./access-policy.ts";
import { closing } from "./closing.ts";
import { controlLease } from "./control-lease.ts";
import { credential } from "./credential.ts";
import { enrollment } from "./enrollment.ts";
import { grant } from "./grant.ts";
import { lastRefusal } from "./last-refusal.ts";
import { lastSession } from "./last-session.ts";
import { createLiveRead } from "./live.ts";
import { patient } from "./patience.ts";
import { presenceRounds } from "./presence-rounds.ts";
import { robot } from "./robot.ts";
import { robotLocation } from "./robot-location.ts";
import { session } from "./session.ts";
import { sessionRecord } from "./session-record.ts";
import { timelineEvent } from "./timeline-event.ts";
import { usedAssertion } from "./used-assertion.ts";

const makers = {
  robot,
  credential,
  enrollment,
  grant,
  accessPolicy,
  usedAssertion,
  session,
  sessionRecord,
  lastSession,
  closing,
  controlLease,
  timelineEvent,
  presenceRounds,
  lastRefusal,
  robotLocation,
};

type Entities = { readonly [Name in keyof typeof makers]: ReturnType<(typeof makers)[Name]> };

const make = () => Object.fromEntries(Object.entries(makers).map(([name, maker]) => [name, maker()])) as Entities;

/** Made while the process starts, when a Lambda has a whole CPU. */
let spare: Entities | undefined = make();

/** The one table, as the domain sees it; `shards` is over how many partitions the sweeper's index is spread. Entities take their service's client, so each store has its own. */
export function createStore(impatient: DynamoDBDocumentClient, table: string, pacing: Pacing, shards: number = limits.sweep.shards.least) {
  const client = patient(impatient, pacing);
  const entities = spare ?? make();
  spare = undefined;
  const service = new Service(entities, { client, table });
  const live = createLiveRead(client, entities, (robotId) => service.collections.live({ robotId }).params());
  return Object.assign(service, { source: { client, table }, live, shards });
}

export type { Pacing } from "../retry.ts";
export { roundOf, rounds, shardNames, shardOf } from "./session.ts";

export type Store = ReturnType<typeof createStore>;
