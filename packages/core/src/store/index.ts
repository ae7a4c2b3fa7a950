import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { Service } from "electrodb";
import { accessPolicy } from "./access-policy.ts";
import { closing } from "./closing.ts";
import { controlLease } from "./control-lease.ts";
import { credential } from "./credential.ts";
import { enrollment } from "./enrollment.ts";
import { grant } from "./grant.ts";
import { lastSession } from "./last-session.ts";
import { createLiveRead } from "./live.ts";
import { robot } from "./robot.ts";
import { session } from "./session.ts";
import { sessionRecord } from "./session-record.ts";
import { timelineEvent } from "./timeline-event.ts";
import { usedAssertion } from "./used-assertion.ts";

const entities = {
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
};

/** The one table, as the domain sees it. */
export function createStore(client: DynamoDBDocumentClient, table: string) {
  const service = new Service(entities, { client, table });
  return Object.assign(service, { live: createLiveRead(client, (robotId) => service.collections.live({ robotId }).params()) });
}

export { shardOf } from "./session.ts";

export type Store = ReturnType<typeof createStore>;
