import { permitted } from "../packages/core/src/store/table.ts";
import { shards } from "./capacity.ts";
import { managementOf } from "./origin.ts";

/** The permissions that linking grants. SST's own links allow `dynamodb:*` and `cognito-idp:*`, so this runs before anything is linked. */
export function narrowLinks(): void {
  sst.Linkable.wrap(sst.aws.Dynamo, (table) => ({
    properties: { name: table.name, shards },
    include: [
      sst.aws.permission({
        actions: permitted.map((action) => `dynamodb:${action}`),
        resources: [table.arn, $interpolate`${table.arn}/index/*`],
      }),
    ],
  }));
  sst.Linkable.wrap(sst.aws.ApiGatewayWebSocket, (gateway) => ({
    properties: { url: gateway.url, managementEndpoint: managementOf(gateway) },
    include: [
      sst.aws.permission({
        actions: ["execute-api:ManageConnections"],
        resources: [$interpolate`${gateway.nodes.api.executionArn}/*/*/@connections/*`],
      }),
    ],
  }));
  sst.Linkable.wrap(sst.aws.CognitoUserPool, (pool) => ({ properties: { id: pool.id } }));
}
