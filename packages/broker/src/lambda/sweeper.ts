import { clock, log, pacing, random } from "@tether/aws/ambient";
import { createDynamo } from "@tether/aws/dynamo";
import { countClose, countFailure, countPost, countStore, countThrottle, noteTransition } from "@tether/aws/invocation";
import { createOutbox } from "@tether/aws/outbox";
import { createIds } from "@tether/core/id";
import { createStore } from "@tether/core/store";
import * as resource from "../resource.ts";
import { createPresence, createSweep } from "../sweep.ts";

function createEnv() {
  const store = createStore(createDynamo({}, countStore, countThrottle), resource.tableName(), pacing, resource.shards());
  const outbox = createOutbox(
    { endpoint: resource.managementEndpoint() },
    { onPost: countPost, onClose: countClose(clock), onFailed: countFailure },
  );
  const counted = { onTransition: noteTransition(clock), namespace: resource.metricNamespace(), counted: resource.countedMetrics() };
  return {
    mutesIdle: true,
    admits: resource.admits(),
    store,
    clock,
    ids: createIds(clock, random),
    outbox,
    pacing,
    log,
    ...counted,
  };
}

type Part = { readonly group: number; readonly groups: number };

function create() {
  const env = createEnv();
  return { sweep: createSweep(env), presence: createPresence(env) };
}

let made: ReturnType<typeof create> | undefined;

/** The sweeper, as its schedule runs it, which says which part of the work it is to do. */
export async function handler({ group = 0, groups = 1 }: Partial<Part>): Promise<void> {
  made ??= create();
  await made.sweep({ group, groups });
}

/** The presence checks, which have a function and a schedule of their own. */
export async function presence(): Promise<void> {
  made ??= create();
  await made.presence();
}
