import { createServer } from "node:http";
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { createDynamo } from "../../../packages/aws/src/dynamo.ts";
import { createStore, type Store } from "../../../packages/core/src/store/index.ts";
import { realClock } from "../../../packages/local/src/clock/real.ts";
import { startEngine } from "../../../packages/local/src/engine/engine.ts";
import { anyone } from "../../../packages/local/src/table.ts";
import { list, one, types } from "../reading.ts";
import type { Graph } from "./graph.ts";

/** The cloud that deployed handlers reach, on this machine: the table as it would be made, and the gateway's management API. */
export interface World {
  readonly store: Store;
  readonly dynamodb: string;
  readonly management: string;
  /** The frames posted to connections, oldest first. */
  readonly posted: { connection: string; frame: Record<string, unknown> }[];
  stop(): Promise<void>;
}

export async function startWorld(graph: Graph): Promise<World> {
  const engine = await startEngine({ clock: realClock });
  const name = await createTable(engine.url, graph);
  const posted: World["posted"] = [];
  const gateway = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const connection = decodeURIComponent(request.url?.split("/").at(-1) ?? "");
      if (request.method === "POST") posted.push({ connection, frame: JSON.parse(Buffer.concat(chunks).toString()) });
      response.end();
    });
  });
  await new Promise<void>((resolve) => void gateway.listen(0, "127.0.0.1", resolve));
  const address = gateway.address();
  if (typeof address !== "object" || !address) throw new Error("The management API has no port.");
  return {
    store: createStore(createDynamo({ ...anyone, endpoint: engine.url }), name, { pause: async () => {}, random: () => 0 }),
    dynamodb: engine.url,
    management: `http://127.0.0.1:${address.port}/$default`,
    posted,
    async stop() {
      gateway.closeAllConnections();
      gateway.close();
      await engine.stop();
    },
  };
}

/** As the synthesized resource says, so that a table that does not fit the code is found out. */
async function createTable(endpoint: string, graph: Graph): Promise<string> {
  const { inputs } = one(graph, types.table);
  const [TableName, hash, range] = [String(inputs.name), String(inputs.hashKey), String(inputs.rangeKey)];
  const keys = (hash: string, range: string) => [
    { AttributeName: hash, KeyType: "HASH" as const },
    { AttributeName: range, KeyType: "RANGE" as const },
  ];
  const attributes = list(inputs.attributes) as { name: string; type: "S" }[];
  const indexes = list(inputs.globalSecondaryIndexes) as {
    name: string;
    hashKey: string;
    rangeKey: string;
    projectionType: "ALL" | "KEYS_ONLY";
  }[];
  const client = new DynamoDBClient({ ...anyone, endpoint });
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: attributes.map(({ name, type }) => ({ AttributeName: name, AttributeType: type })),
      KeySchema: keys(hash, range),
      GlobalSecondaryIndexes: indexes.map(({ name, hashKey, rangeKey, projectionType }) => ({
        IndexName: name,
        KeySchema: keys(hashKey, rangeKey),
        Projection: { ProjectionType: projectionType },
      })),
    }),
  );
  client.destroy();
  return TableName;
}
