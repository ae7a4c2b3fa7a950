import { createDynamo } from "@tether/aws/dynamo";
import { createStore, type Store } from "@tether/core/store";
import type { System } from "../../src/system.ts";
import { anyone, tableName } from "../../src/table.ts";

/** The table as its administrator sees it: the deployment's own roles may not scan it. */
export function wholeTable({ engineUrl }: Pick<System, "engineUrl">): Store {
  return createStore(createDynamo({ ...anyone, endpoint: engineUrl }), tableName, { pause: async () => {}, random: () => 0 });
}
