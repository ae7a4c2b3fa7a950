import {
  CreateTableCommand,
  DynamoDBClient,
  type DynamoDBClientConfig,
  ResourceInUseException,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";
import { table } from "@tether/core/store/table";

export const tableName = "tether-local";

/** Engines want to be told who asks, in the form of a signature. */
const signed = {
  authorization: "AWS4-HMAC-SHA256 Credential=local/20260101/local/dynamodb/aws4_request, SignedHeaders=host;x-amz-date, Signature=0",
  "x-amz-date": "20260101T000000Z",
};

/** The settings of every client of the local engine. It checks no signature, and to make one for each request would take a tenth of the tests' time. */
export const anyone = {
  region: "local",
  credentials: { accessKeyId: "local", secretAccessKey: "local" },
  signer: { sign: async (request) => Object.assign(request, { headers: { ...request.headers, ...signed } }) },
} satisfies DynamoDBClientConfig;

/** Makes the table as `infra/` would, unless it stands already. */
export async function createTable(endpoint: string): Promise<void> {
  const client = new DynamoDBClient({ ...anyone, endpoint });
  const keys = ({ hash, range }: { hash: string; range: string }) => [
    { AttributeName: hash, KeyType: "HASH" as const },
    { AttributeName: range, KeyType: "RANGE" as const },
  ];
  const names = [table.key, ...table.indexes].flatMap(({ hash, range }) => [hash, range]);
  const command = new CreateTableCommand({
    TableName: tableName,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: names.map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
    KeySchema: keys(table.key),
    GlobalSecondaryIndexes: table.indexes.map((index) => ({
      IndexName: index.name,
      KeySchema: keys(index),
      Projection: { ProjectionType: index.holds === "all" ? "ALL" : "KEYS_ONLY" },
    })),
  });
  const made = await client.send(command).catch((error: unknown) => {
    if (!(error instanceof ResourceInUseException)) throw error;
  });
  // Our own engine has it at once; another one, as AWS itself, takes a while.
  if (made && made.TableDescription?.TableStatus !== "ACTIVE")
    await waitUntilTableExists({ client, minDelay: 1, maxWaitTime: 60 }, { TableName: tableName });
  client.destroy();
}
