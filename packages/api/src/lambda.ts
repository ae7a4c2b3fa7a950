import { clock, log, pacing, random } from "@tether/aws/ambient";
import { createDynamo } from "@tether/aws/dynamo";
import { countClose, countFailure, countPost, countStore, countThrottle, noteTransition } from "@tether/aws/invocation";
import { createOutbox } from "@tether/aws/outbox";
import { createIds } from "@tether/core/id";
import { createStore } from "@tether/core/store";
import { createVerifier } from "./caller/verifier.ts";
import type { Env } from "./env.ts";
import { createHandler, type Handler } from "./handler.ts";
import * as resource from "./resource.ts";

function createEnv(): Env {
  return {
    store: createStore(createDynamo({}, countStore, countThrottle), resource.tableName(), pacing, resource.shards()),
    clock,
    ids: createIds(clock, random),
    outbox: createOutbox(
      { endpoint: resource.managementEndpoint() },
      { onPost: countPost, onClose: countClose(clock), onFailed: countFailure },
    ),
    pacing,
    ring: resource.ring(),
    leaseMs: resource.leaseMs(),
    random,
    ice: resource.ice(log),
    log,
    onTransition: noteTransition(clock),
    namespace: resource.metricNamespace(),
    counted: resource.countedMetrics(),
    verifier: createVerifier(resource.verifier(), { clock, warn: (error) => log({ level: "warn", event: "issuer.unavailable", error }) }),
    signIns: resource.signIns(log),
    cells: resource.cells(),
    settings: resource.settings(),
  };
}

let made: Handler | undefined;

/** The HTTP API behind API Gateway, payload format 2.0. */
export const handler: Handler = (event, context) => {
  made ??= createHandler(createEnv());
  return made(event, context);
};
