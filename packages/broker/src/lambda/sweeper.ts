import { clock, log, random } from "@tether/aws/ambient";
import { createDynamo } from "@tether/aws/dynamo";
import { countPost, countStore } from "@tether/aws/invocation";
import { createOutbox } from "@tether/aws/outbox";
import { createIds } from "@tether/core/id";
import { createStore } from "@tether/core/store";
import * as resource from "../resource.ts";
import { createSweep } from "../sweep.ts";

function createEnv() {
  const store = createStore(createDynamo({}, countStore), resource.tableName());
  return { store, clock, ids: createIds(clock, random), outbox: createOutbox({ endpoint: resource.managementEndpoint() }, countPost), log };
}

let made: ReturnType<typeof createSweep> | undefined;

/** The sweeper, as its schedule runs it. */
export async function handler(): Promise<void> {
  made ??= createSweep(createEnv());
  await made();
}
