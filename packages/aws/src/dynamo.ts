import { DynamoDBClient, type DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { quiet } from "./quiet.ts";
import { requestHandler } from "./time-out.ts";

/** A document client that leaves out what is undefined and counts the requests it makes, retries included. */
export function createDynamo(config: DynamoDBClientConfig, onRequest?: (operation: string) => void): DynamoDBDocumentClient {
  const client = quiet(new DynamoDBClient({ requestHandler, ...config }));
  if (onRequest) {
    client.middlewareStack.add(
      (next, context) => (args) => {
        onRequest(String(context.commandName).replace(/Command$/, ""));
        return next(args);
      },
      { step: "finalizeRequest", name: "count", priority: "low" },
    );
  }
  return DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
}
