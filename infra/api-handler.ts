import { address } from "./address.ts";
import { api } from "./api.ts";
import { broker } from "./broker.ts";
import { cells } from "./cell.ts";
import { client } from "./client.ts";
import { shownAtEdge } from "./edge-keys.ts";
import { identity } from "./identity.ts";
import { lambda } from "./lambda.ts";
import { metrics } from "./namespace.ts";
import { router } from "./router.ts";
import { iceServers, ticketKeys } from "./secret.ts";
import { setting } from "./setting.ts";
import { isProduction } from "./stage.ts";
import { table } from "./table.ts";

/** The API's environment: where it stands. */
const settings = new sst.Linkable("ApiSettings", {
  properties: {
    // Ends know the home cell alone, so it is home that they sign for.
    origin: setting.home ?? address.api,
    brokerUrl: address.broker,
    corsOrigins: $resolve([router.url]).apply(([origin]) =>
      [origin, ...setting.corsOrigins, ...(isProduction ? [] : ["http://localhost:5173"])].join(","),
    ),
    install: setting.release === undefined ? "" : $interpolate`${router.url}/install/robot.sh`,
    leaseMs: setting.leaseMs,
    issuer: identity.issuer,
    clientIds: client.ids.apply((ids) => ids.join(",")),
    audience: client.audience ?? "",
    groupsClaim: setting.oidc.groupsClaim ?? "",
    adminsGroup: setting.oidc.adminsGroup ?? "",
    emailVerified: setting.oidc.emailVerified ?? "",
    userPoolId: identity.pool?.id ?? "",
  },
  // Signing someone out everywhere ends what they signed in to at the pool as well.
  include: identity.pool
    ? [sst.aws.permission({ actions: ["cognito-idp:AdminUserGlobalSignOut"], resources: [identity.pool.nodes.userPool.arn] })]
    : [],
});

const apiFn = lambda("ApiHandler", {
  handler: "packages/api/src/lambda.handler",
  description: "The HTTP API.",
  link: [table, ticketKeys, iceServers, broker, settings, shownAtEdge, cells, metrics],
  memory: "1024 MB",
  timeout: "10 seconds",
});

api.route("$default", apiFn.arn);
// A route of its own has a bucket of its own: who looks at a robot's timeline is not refused because others reconnect, and
// whoever sends junk for robots' tickets, which needs no token, uses up no client's.
api.route("POST /v1/tickets/robot", apiFn.arn);
api.route("POST /v1/tickets/client", apiFn.arn);
