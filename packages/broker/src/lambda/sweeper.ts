import { clock, log, pacing, random } from "@tether/aws/ambient";
import { createDynamo } from "@tether/aws/dynamo";
import { countClose, countPost, countStore, countThrottle, noteTransition } from "@tether/aws/invocation";
import { createOutbox } from "@tether/aws/outbox";
import { createIds } from "@tether/core/id";
import { createStore } from "@tether/core/store";
import * as resource from "../resource.ts";
import { createSweep } from "../sweep.ts";

function createEnv() {
  const store = createStore(createDynamo({}, countStore, countThrottle), resource.tableName(), pacing);
  const outbox = createOutbox({ endpoint: resource.managementEndpoint() }, { onPost: countPost, onClose: countClose(clock) });
  const counted = { onTransition: noteTransition(clock), namespace: resource.metricNamespace(), counted: resource.countedMetrics() };
  return { store, clock, ids: createIds(clock, random), outbox, pacing, log, ...counted };
}

let made: ReturnType<typeof createSweep> | undefined;

/** The sweeper, as its schedule runs it. */
export async function handler(): Promise<void> {
  made ??= createSweep(createEnv());
  await made();
}
