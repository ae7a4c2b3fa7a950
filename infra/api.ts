import { parseCells } from "../packages/aws/src/cell.ts";
import { limits } from "../packages/protocol/src/limits.ts";
import { domainOf } from "./origin.ts";
import { setting } from "./setting.ts";
import { logRetention } from "./stage.ts";

/** A herd is let in here, where a refusal asks nothing of anyone: docs/decision/0015-admission.md. */
const shared = Math.floor(setting.connectsPerSecond * limits.admission.share);

/** Home is asked for the tickets of every cell. */
const admitted = shared * (1 + parseCells(setting.cells).size);

/** Where the API is, known before what refers to it; api-handler.ts is what answers there. */
export const api = new sst.aws.ApiGatewayV2("Api", {
  ...domainOf("api"),
  cors: false,
  accessLog: { retention: logRetention.name },
  transform: {
    api: (args) => {
      // Even an empty configuration, which SST makes of `false`, has the gateway answer preflights and drop the API's own CORS headers.
      delete args.corsConfiguration;
      if (setting.domain) args.disableExecuteApiEndpoint = true;
    },
    stage: (args) => {
      // No field here can hold a header, a body or a query; a path names ids of ours only, and no person.
      args.accessLogSettings = $resolve([args.accessLogSettings]).apply(([settings]) => ({
        destinationArn: settings?.destinationArn ?? "",
        format: JSON.stringify({
          at: "$context.requestTimeEpoch",
          requestId: "$context.requestId",
          method: "$context.httpMethod",
          path: "$context.path",
          status: "$context.status",
          latency: "$context.responseLatency",
          error: "$context.integrationErrorMessage",
          ip: "$context.identity.sourceIp",
        }),
      }));
      args.defaultRouteSettings = { throttlingRateLimit: admitted, throttlingBurstLimit: admitted };
    },
  },
});
