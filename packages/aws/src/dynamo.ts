import { DynamoDBClient, type DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { quiet } from "./quiet.ts";
import { requestHandler } from "./time-out.ts";

type Result = { output?: { UnprocessedKeys?: object; UnprocessedItems?: object } };

/**
 * A document client that leaves out what is undefined. `onRequest` counts the requests it makes, retries included; `onThrottled` what the
 * table's rate refused for good, whole or in part.
 */
export function createDynamo(
  config: DynamoDBClientConfig,
  onRequest?: (operation: string) => void,
  onThrottled?: () => void,
): DynamoDBDocumentClient {
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
  if (onThrottled) {
    client.middlewareStack.add(
      (next) => async (args) => {
        const result = await next(args).catch((error: unknown) => {
          if (isThrottle(error)) onThrottled();
          throw error;
        });
        if (isPartial(result as Result)) onThrottled();
        return result;
      },
      { step: "initialize", name: "throttles" },
    );
  }
  return DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
}

const throttle = /Throttl|ProvisionedThroughputExceeded|RequestLimitExceeded/;

/** DynamoDB tells of a throttle by an exception, and of one inside a transaction by the reason for its being cancelled. */
function isThrottle(error: unknown): boolean {
  const { name = "", CancellationReasons = [] } = error as { name?: string; CancellationReasons?: readonly { Code?: string }[] };
  return throttle.test(name) || CancellationReasons.some(({ Code = "" }) => throttle.test(Code));
}

function isPartial({ output: { UnprocessedKeys = {}, UnprocessedItems = {} } = {} }: Result): boolean {
  return Object.keys(UnprocessedKeys).length + Object.keys(UnprocessedItems).length > 0;
}
