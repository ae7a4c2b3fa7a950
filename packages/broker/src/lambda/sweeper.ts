import { clock, log, random } from "@tether/aws/ambient";
import { createDynamo } from "@tether/aws/dynamo";
import { countPost, countStore, invoke } from "@tether/aws/invocation";
import { createOutbox } from "@tether/aws/outbox";
import { createIds } from "@tether/core/id";
import { createStore } from "@tether/core/store";
import { sweep } from "@tether/core/sweep";
import * as resource from "../resource.ts";

function createEnv() {
  const store = createStore(createDynamo({}, countStore), resource.tableName());
  return { store, clock, ids: createIds(clock, random), outbox: createOutbox({ endpoint: resource.managementEndpoint() }, countPost), log };
}

let env: ReturnType<typeof createEnv> | undefined;

/** One run of the sweeper. */
export async function handler(): Promise<void> {
  env ??= createEnv();
  const made = env;
  await invoke(made, "sweep", async (line) => {
    const { done, ...swept } = await sweep(made);
    Object.assign(line, swept, done);
  });
}
