import { createStore } from "@tether/core/store";
import { pacing } from "./ambient.ts";
import { createDynamo } from "./dynamo.ts";
import { indexRobots } from "./index-robots.ts";

const [table] = process.argv.slice(2);

if (table === undefined) {
  process.stderr.write("The table's name is missing: npm run index-robots -- TABLE\n");
  process.exitCode = 2;
} else {
  const { looked, indexed } = await indexRobots(createStore(createDynamo({}), table, pacing));
  process.stdout.write(`${looked} robots, of which ${indexed} were put into the index of all robots.\n`);
}
