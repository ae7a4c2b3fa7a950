import { clock, log, pacing, random } from "@tether/aws/ambient";
import { createDynamo } from "@tether/aws/dynamo";
import { countClose, countFailure, countPost, countStore, countThrottle, noteTransition } from "@tether/aws/invocation";
import { createOutbox } from "@tether/aws/outbox";
import { createIds } from "@tether/core/id";
import { createStore } from "@tether/core/store";
import { createConnect } from "../connect.ts";
import { createDefault } from "../default.ts";
import { createDisconnect } from "../disconnect.ts";
import type { Env } from "../env.ts";
import type { Answer, ConnectionEvent } from "../event.ts";
import * as resource from "../resource.ts";

function createEnv(): Env {
  const store = createStore(createDynamo({}, countStore, countThrottle), resource.tableName(), pacing, resource.shards());
  const outbox = createOutbox(
    { endpoint: resource.managementEndpoint() },
    { onPost: countPost, onClose: countClose(clock), onFailed: countFailure },
  );
  const [ring, controlKeys, ice] = [resource.ring(), resource.controlKeys(), resource.ice(log)];
  const counted = { onTransition: noteTransition(clock), namespace: resource.metricNamespace(), counted: resource.countedMetrics() };
  return { store, clock, ids: createIds(clock, random), outbox, pacing, ring, controlKeys, ice, log, ...counted };
}

function createRoutes(env: Env): { [eventType: string]: (event: ConnectionEvent) => Promise<Answer> } {
  return { CONNECT: createConnect(env), MESSAGE: createDefault(env), DISCONNECT: createDisconnect(env) };
}

let made: ReturnType<typeof createRoutes> | undefined;

/** All routes of the WebSocket API but `ping`. */
export async function handler(event: ConnectionEvent & { requestContext: { eventType: string } }): Promise<Answer> {
  made ??= createRoutes(createEnv());
  const route = made[event.requestContext.eventType];
  if (route === undefined) throw new Error(`no route for the event type ${event.requestContext.eventType}`);
  return route(event);
}
