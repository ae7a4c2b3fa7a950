import { shownAtEdge } from "./edge-keys.ts";
import { identitySources } from "./identity-source.ts";
import { lambda } from "./lambda.ts";
import { metrics } from "./namespace.ts";
import { domainOf } from "./origin.ts";
import { controlKeys, iceServers, ticketKeys } from "./secret.ts";
import { setting } from "./setting.ts";
import { logRetention } from "./stage.ts";
import { table } from "./table.ts";

export const broker = new sst.aws.ApiGatewayWebSocket("Broker", {
  ...domainOf("broker"),
  accessLog: { retention: logRetention.name },
  transform: {
    api: (args) => {
      args.routeSelectionExpression = "$request.body.type";
      if (setting.domain) args.disableExecuteApiEndpoint = true;
    },
    stage: (args) => {
      // The ticket comes in a header of the handshake: no field here can hold a header.
      args.accessLogSettings = $resolve([args.accessLogSettings]).apply(([settings]) => ({
        destinationArn: settings?.destinationArn ?? "",
        // A line is written for each message, pings included, so it is short: 100 bytes.
        format: ["requestTimeEpoch", "requestId", "connectionId", "routeKey", "status", "integration.status", "identity.sourceIp"]
          .map((name) => `$context.${name}`)
          .join(" "),
      }));
      args.defaultRouteSettings = { throttlingRateLimit: 2_000, throttlingBurstLimit: 4_000, detailedMetricsEnabled: false };
    },
  },
});

const authorizerFn = lambda("Authorizer", {
  handler: "packages/broker/src/lambda/authorizer.handler",
  description: "Checks a connection's ticket by its seal.",
  link: [ticketKeys, shownAtEdge],
  memory: "512 MB",
  timeout: "5 seconds",
});

const brokerFn = lambda("BrokerHandler", {
  handler: "packages/broker/src/lambda/broker.handler",
  description: "What ends say to the broker.",
  link: [table, ticketKeys, controlKeys, iceServers, broker, metrics],
  memory: "1024 MB",
  timeout: "20 seconds",
});

const authorizer = broker.addAuthorizer("Ticket", {
  lambda: { function: authorizerFn.arn, identitySources: [...identitySources] },
});

// All routes share a function, so that they share its warm instances.
broker.route("$connect", brokerFn.arn, { auth: { lambda: authorizer.id } });
broker.route("$default", brokerFn.arn);
broker.route("$disconnect", brokerFn.arn);

// A keepalive only resets the gateway's idle timer: a message is paid for, a Lambda is not.
const pong = new aws.apigatewayv2.Integration("PingIntegration", {
  apiId: broker.nodes.api.id,
  integrationType: "MOCK",
  requestTemplates: { "200": JSON.stringify({ statusCode: 200 }) },
  templateSelectionExpression: "200",
  passthroughBehavior: "WHEN_NO_MATCH",
});
new aws.apigatewayv2.Route("PingRoute", {
  apiId: broker.nodes.api.id,
  routeKey: "ping",
  target: $interpolate`integrations/${pong.id}`,
});
