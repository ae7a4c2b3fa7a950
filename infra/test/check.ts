import { expect } from "vitest";
import { createDynamo } from "../../packages/aws/src/dynamo.ts";
import { createStore } from "../../packages/core/src/store/index.ts";
import { all, list, one, statementsOf, types, variablesOf } from "./reading.ts";
import { region } from "./stand-in/account.ts";
import { secrets } from "./stand-in/deploy.ts";
import type { Graph, Resource } from "./stand-in/graph.ts";

const lambdas = ["ApiHandler", "Authorizer", "BrokerHandler", "Sweeper"];
const lambdaOf = (graph: Graph, name: string) => one(graph, types.fn, `${name}Function`);

/** The routes of the WebSocket API: those that belong to the gateway with that protocol. */
function brokerRoutes(graph: Graph): Record<string, Resource["inputs"]> {
  const isBroker = ({ inputs }: Resource) => inputs.apiId === "BrokerApi-id";
  return Object.fromEntries(
    all(graph, types.route)
      .filter(isBroker)
      .map(({ inputs }) => [String(inputs.routeKey), inputs]),
  );
}

/** What may stand in an access log: nothing here can hold a header, a body or a query. */
const loggable = new Set(
  ["requestTimeEpoch", "requestId", "connectionId", "routeKey", "status", "httpMethod", "path", "responseLatency", "identity.sourceIp"]
    .concat("integration.status", "integrationErrorMessage", "error.messageString")
    .map((name) => `$context.${name}`),
);

/** What must hold on every stage. Each throws if it does not, and mutation.test.ts breaks the line that makes it hold. */
export const checks = {
  "access and ID tokens live for 240 minutes"(graph) {
    expect(one(graph, types.client).inputs).toMatchObject({
      accessTokenValidity: 240,
      idTokenValidity: 240,
      tokenValidityUnits: { accessToken: "minutes", idToken: "minutes" },
    });
  },
  "refresh tokens are exchanged, not kept"(graph) {
    expect(one(graph, types.client).inputs).toMatchObject({ refreshTokenRotation: { feature: "ENABLED" }, enableTokenRevocation: true });
    expect(one(graph, types.client).inputs.explicitAuthFlows).not.toContain("ALLOW_REFRESH_TOKEN_AUTH");
  },
  "the web client has no secret and takes the code flow only"(graph) {
    expect(one(graph, types.client).inputs).toMatchObject({ generateSecret: false, allowedOauthFlows: ["code"] });
  },
  "nobody signs themselves up"(graph) {
    expect(one(graph, types.userPool).inputs.adminCreateUserConfig).toEqual({ allowAdminCreateUserOnly: true });
  },
  "$connect is let through by our authorizer, by the subprotocol header"(graph) {
    const authorizer = one(graph, types.authorizer);
    expect(brokerRoutes(graph).$connect).toMatchObject({ authorizationType: "CUSTOM", authorizerId: `${authorizer.name}-id` });
    expect(authorizer.inputs).toMatchObject({
      authorizerType: "REQUEST",
      identitySources: ["route.request.header.Sec-WebSocket-Protocol"],
    });
    expect(authorizer.inputs.authorizerUri).toContain(`function:${lambdaOf(graph, "Authorizer").inputs.name}/`);
  },
  "frames are routed by their type, and only pings have a route of their own"(graph) {
    expect(one(graph, types.gateway, "BrokerApi").inputs.routeSelectionExpression).toBe("$request.body.type");
    expect(Object.keys(brokerRoutes(graph)).sort()).toEqual(["$connect", "$default", "$disconnect", "ping"]);
  },
  "a ping runs no Lambda"(graph) {
    const { target } = brokerRoutes(graph).ping ?? {};
    const integration = all(graph, types.integration).find(({ name }) => target === `integrations/${name}-id`);
    expect(integration?.inputs.integrationType).toBe("MOCK");
  },
  "the table frees space by the attribute the entities set"(graph) {
    expect(one(graph, types.table).inputs.ttl).toEqual({ attributeName: "ttl", enabled: true });
  },
  "the table can be put back to any second"(graph) {
    expect(one(graph, types.table).inputs.pointInTimeRecovery).toEqual({ enabled: true });
  },
  "the table's keys and indexes are those of the entities"(graph) {
    const { inputs } = one(graph, types.table);
    const entities = Object.values(createStore(createDynamo({ region }), "any").entities) as unknown as Entity[];
    const used = entities.flatMap(({ model }) => Object.values(model.indexes));
    const shapes = new Set(used.map(({ index, pk, sk }) => `${index} ${pk.field} ${sk.field}`));
    const indexes = list(inputs.globalSecondaryIndexes) as { name: string; hashKey: string; rangeKey: string }[];
    const made = [{ name: "", hashKey: inputs.hashKey, rangeKey: inputs.rangeKey }, ...indexes];
    expect(made.map(({ name, hashKey, rangeKey }) => `${name} ${hashKey} ${rangeKey}`).sort()).toEqual([...shapes].sort());
  },
  "no Lambda may do everything, or anything with everything"(graph) {
    const roles = all(graph, types.role).filter(({ name }) => lambdas.some((lambda) => name.startsWith(lambda)));
    expect(roles).toHaveLength(lambdas.length);
    for (const role of roles) {
      expect(role.inputs.managedPolicyArns, role.name).toEqual([]);
      for (const { Action, Resource } of statementsOf(role)) {
        for (const action of [Action].flat()) expect(action, role.name).not.toContain("*");
        for (const resource of [Resource].flat()) expect(resource, role.name).toMatch(/^arn:aws:[a-z0-9-]+:us-east-1:123456789012:[^*]/);
      }
    }
  },
  "only Lambda takes on a Lambda's role"(graph) {
    for (const name of lambdas)
      expect(JSON.stringify(one(graph, types.role, `${name}Role`).inputs.assumeRolePolicy), name).not.toContain(":root");
  },
  "the authorizer reaches nothing but its log"(graph) {
    const actions = statementsOf(one(graph, types.role, "AuthorizerRole")).flatMap(({ Action }) => Action);
    expect(actions.sort()).toEqual(["logs:CreateLogStream", "logs:PutLogEvents"]);
  },
  "only the API may sign users out, of its own pool, and do nothing else to them"(graph) {
    const pool = "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_UsersUserPool";
    const asked = lambdas.flatMap((name) =>
      statementsOf(one(graph, types.role, `${name}Role`))
        .filter(({ Action, Resource }) => /cognito|^\*/.test([Action, Resource].flat().join(" ")))
        .map(({ Action, Resource }) => ({ name, Action: [Action].flat(), Resource: [Resource].flat() })),
    );
    expect(asked).toEqual([{ name: "ApiHandler", Action: ["cognito-idp:AdminUserGlobalSignOut"], Resource: [pool] }]);
  },
  "secrets reach a Lambda only encrypted"(graph) {
    const text = JSON.stringify(graph.resources.filter(({ type }) => !type.startsWith("sst:")));
    for (const secret of Object.values(secrets)) expect(text.includes(secret)).toBe(false);
    for (const name of lambdas) {
      const fn = lambdaOf(graph, name);
      expect(Object.keys(variablesOf(fn)).sort(), name).toEqual(["SST_KEY", "SST_KEY_FILE", "SST_RESOURCE_App"]);
      expect(fn.secrets, name).toContain("environment.variables");
    }
  },
  "both gateways throttle"(graph) {
    const throttles = all(graph, types.stage).map(({ inputs }) => inputs.defaultRouteSettings);
    expect(throttles).toHaveLength(2);
    for (const throttle of throttles)
      expect(throttle).toMatchObject({ throttlingRateLimit: expect.any(Number), throttlingBurstLimit: expect.any(Number) });
  },
  "access logs cannot hold a ticket"(graph) {
    for (const { name, inputs } of all(graph, types.stage)) {
      const { format } = inputs.accessLogSettings as { format: string };
      const fields = format.match(/\$[\w.]+/g) ?? [];
      expect(fields, name).toContain("$context.requestId");
      for (const field of fields) expect(loggable, name).toContain(field);
    }
  },
  "every log ends"(graph) {
    const groups = all(graph, types.logGroup);
    expect(groups).toHaveLength(lambdas.length + 2);
    for (const { name, inputs } of groups) expect(inputs.retentionInDays, name).toBe(graph.stage === "production" ? 90 : 7);
  },
  "a Lambda's log holds our lines only"(graph) {
    for (const name of lambdas)
      expect(lambdaOf(graph, name).inputs.loggingConfig, name).toMatchObject({
        logFormat: "JSON",
        systemLogLevel: "WARN",
        logGroup: `/aws/lambda/tether/${graph.stage}/${name}`,
      });
  },
  "Lambdas run Node 24 on arm64"(graph) {
    expect(all(graph, types.fn)).toHaveLength(lambdas.length);
    for (const { name, inputs } of all(graph, types.fn))
      expect(inputs, name).toMatchObject({ runtime: "nodejs24.x", architectures: ["arm64"] });
  },
  "no Lambda has an address of its own"(graph) {
    expect(all(graph, types.functionUrl)).toEqual([]);
  },
  "the sweeper runs every minute, ends before the next and is not tried again"(graph) {
    const sweeper = lambdaOf(graph, "Sweeper");
    const { scheduleExpression, state, target } = one(graph, types.schedule).inputs;
    expect({ scheduleExpression, state }).toEqual({ scheduleExpression: "rate(1 minute)", state: "ENABLED" });
    expect(target).toMatchObject({ arn: expect.stringMatching(`:${sweeper.inputs.name}$`), retryPolicy: { maximumRetryAttempts: 0 } });
    expect(sweeper.inputs.timeout).toBeLessThan(60);
    expect(one(graph, types.retries).inputs.maximumRetryAttempts).toBe(0);
  },
} satisfies Record<string, (graph: Graph) => void>;

/** What of an entity of ElectroDB's is looked at; it does not type its model. */
type Entity = { model: { indexes: Record<string, { index: string; pk: { field: string }; sk: { field: string } }> } };
