import { ApiGatewayManagementApiClient, PostToConnectionCommand } from "@aws-sdk/client-apigatewaymanagementapi";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, QueryCommand } from "@aws-sdk/lib-dynamodb";

type Event = { requestContext: { connectionId: string }; body: string };

const table = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const gateway = new ApiGatewayManagementApiClient({ endpoint: process.env.MANAGEMENT_ENDPOINT ?? "" });

/** The least a relay can do: one read and one post, by the SDK as it is published. What a handler of ours is compared with. */
export async function handler({ requestContext, body }: Event): Promise<{ statusCode: number }> {
  const { Items = [] } = await table.send(
    new QueryCommand({
      TableName: process.env.TABLE ?? "",
      KeyConditionExpression: "pk = :pk",
      ExpressionAttributeValues: { ":pk": process.env.PARTITION ?? "" },
    }),
  );
  const [item] = Items;
  const ConnectionId = String(item?.connection?.id ?? requestContext.connectionId);
  await gateway.send(new PostToConnectionCommand({ ConnectionId, Data: body }));
  return { statusCode: 200 };
}
