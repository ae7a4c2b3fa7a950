import { broker } from "./broker.ts";
import { identity } from "./identity.ts";
import { lambda } from "./lambda.ts";
import { metrics } from "./namespace.ts";
import { router } from "./router.ts";
import { iceServers, ticketKeys } from "./secret.ts";
import { setting } from "./setting.ts";
import { isProduction, logRetention } from "./stage.ts";
import { table } from "./table.ts";

export const api = new sst.aws.ApiGatewayV2("Api", {
  ...(setting.domain && { domain: `api.${setting.domain}` }),
  // The API answers preflights itself, the same on every machine.
  cors: false,
  accessLog: { retention: logRetention.name },
  transform: {
    stage: (args) => {
      // No field here can hold a header, a body or a query; a path names ids only.
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
      args.defaultRouteSettings = { throttlingRateLimit: 500, throttlingBurstLimit: 1_000 };
    },
  },
});

/** What the API is told about where it stands. */
const settings = new sst.Linkable("ApiSettings", {
  properties: {
    origin: api.url,
    brokerUrl: broker.url,
    corsOrigins: $resolve([router.url]).apply(([origin]) =>
      [origin, ...setting.corsOrigins, ...(isProduction ? [] : ["http://localhost:5173"])].join(","),
    ),
    leaseMs: setting.leaseMs,
    issuer: identity.issuer,
    clientIds: identity.clientIds.apply((ids) => ids.join(",")),
    audience: identity.audience ?? "",
  },
});

const apiFn = lambda("ApiHandler", {
  handler: "packages/api/src/lambda.handler",
  description: "The HTTP API.",
  link: [table, ticketKeys, iceServers, broker, settings, metrics],
  memory: "1024 MB",
  timeout: "10 seconds",
});

api.route("$default", apiFn.arn);
