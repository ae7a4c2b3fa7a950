import { expect } from "vitest";
import { createDynamo } from "../../packages/aws/src/dynamo.ts";
import { createStore } from "../../packages/core/src/store/index.ts";
import { limits } from "../../packages/protocol/src/limits.ts";
import { powerChecks } from "./power.ts";
import { all, lambdaOf, lambdas, list, one, types, variablesOf } from "./reading.ts";
import { region } from "./stand-in/account.ts";
import { secrets } from "./stand-in/deploy.ts";
import type { Graph, Resource } from "./stand-in/graph.ts";

/** A gateway's routes by their keys. */
function routesOf(graph: Graph, gateway: string): Record<string, Resource["inputs"]> {
  const own = all(graph, types.route).filter(({ inputs }) => inputs.apiId === `${gateway}-id`);
  return Object.fromEntries(own.map(({ inputs }) => [String(inputs.routeKey), inputs]));
}

const brokerRoutes = (graph: Graph) => routesOf(graph, "BrokerApi");
const retentionOf = ({ stage }: Graph) => (stage === "production" ? 90 : 7);

/** The fields that may stand in an access log: nothing here can hold a header, a body or a query. */
const loggable = new Set(
  ["requestTimeEpoch", "requestId", "connectionId", "routeKey", "status", "httpMethod", "path", "responseLatency", "identity.sourceIp"]
    .concat("integration.status", "integrationErrorMessage", "error.messageString")
    .map((name) => `$context.${name}`),
);

function expectLoggable({ name, inputs }: Resource): void {
  const { format } = inputs.accessLogSettings as { format: string };
  const fields = format.match(/\$[\w.]+/g) ?? [];
  expect(fields, name).toContain("$context.requestId");
  for (const field of fields) expect(loggable, name).toContain(field);
}

/** The rules that must hold on every stage. Each throws if it does not, and mutation.test.ts breaks the line that makes it hold. */
export const checks = {
  ...powerChecks,
  "access tokens live for 240 minutes"(graph) {
    const units = { accessToken: "minutes" };
    expect(one(graph, types.client).inputs).toMatchObject({ accessTokenValidity: 240, tokenValidityUnits: units });
  },
  "ID tokens live for 240 minutes"(graph) {
    const units = { idToken: "minutes" };
    expect(one(graph, types.client).inputs).toMatchObject({ idTokenValidity: 240, tokenValidityUnits: units });
  },
  "refresh tokens are exchanged, not kept"(graph) {
    expect(one(graph, types.client).inputs).toMatchObject({ refreshTokenRotation: { feature: "ENABLED" }, enableTokenRevocation: true });
    expect(one(graph, types.client).inputs.explicitAuthFlows).not.toContain("ALLOW_REFRESH_TOKEN_AUTH");
  },
  "the web client has no secret and takes the code flow only"(graph) {
    expect(one(graph, types.client).inputs).toMatchObject({ generateSecret: false, allowedOauthFlows: ["code"] });
  },
  "a refresh token lives for 30 days"(graph) {
    const units = { refreshToken: "days" };
    expect(one(graph, types.client).inputs).toMatchObject({ refreshTokenValidity: 30, tokenValidityUnits: units });
  },
  "signing in does not tell who is a user"(graph) {
    expect(one(graph, types.client).inputs).toMatchObject({ preventUserExistenceErrors: "ENABLED" });
  },
  "passwords have 12 characters at least"(graph) {
    expect(one(graph, types.userPool).inputs.passwordPolicy).toMatchObject({ minimumLength: 12 });
  },
  "users can have a second factor, by an app"(graph) {
    const { inputs } = one(graph, types.userPool);
    expect(inputs).toMatchObject({ mfaConfiguration: "OPTIONAL", softwareTokenMfaConfiguration: { enabled: true } });
  },
  "nobody signs themselves up"(graph) {
    expect(one(graph, types.userPool).inputs.adminCreateUserConfig).toEqual({ allowAdminCreateUserOnly: true });
  },
  "$connect is let through by our authorizer"(graph) {
    const authorizer = one(graph, types.authorizer);
    expect(brokerRoutes(graph).$connect).toMatchObject({ authorizationType: "CUSTOM", authorizerId: `${authorizer.name}-id` });
    expect(authorizer.inputs.authorizerUri).toContain(`function:${lambdaOf(graph, "Authorizer").inputs.name}/`);
  },
  "the authorizer is asked about every handshake, however a client spells its headers"(graph) {
    const identitySources = ["context.connectionId"];
    expect(one(graph, types.authorizer).inputs).toMatchObject({ authorizerType: "REQUEST", identitySources });
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
    const entities = Object.values(
      createStore(createDynamo({ region }), "any", { pause: async () => {}, random: () => 0 }).entities,
    ) as unknown as Entity[];
    const used = entities.flatMap(({ model }) => Object.values(model.indexes));
    const shapes = new Set(used.map(({ index, pk, sk }) => `${index} ${pk.field} ${sk.field}`));
    const indexes = list(inputs.globalSecondaryIndexes) as { name: string; hashKey: string; rangeKey: string }[];
    const made = [{ name: "", hashKey: inputs.hashKey, rangeKey: inputs.rangeKey }, ...indexes];
    expect(made.map(({ name, hashKey, rangeKey }) => `${name} ${hashKey} ${rangeKey}`).sort()).toEqual([...shapes].sort());
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
  "the API answers preflights itself"(graph) {
    expect(one(graph, types.gateway, "ApiApi").inputs).not.toHaveProperty("corsConfiguration");
  },
  "tickets are given out a little slower than connections are let in"(graph) {
    const most = 0.9 * limits.gateway.connectsPerSecond;
    const throttle = { throttlingRateLimit: most, throttlingBurstLimit: most };
    expect(one(graph, types.stage, "ApiStage").inputs.defaultRouteSettings).toEqual(throttle);
  },
  "robots' and clients' tickets have routes of their own"(graph) {
    expect(Object.keys(routesOf(graph, "ApiApi")).sort()).toEqual(["$default", "POST /v1/tickets/client", "POST /v1/tickets/robot"]);
  },
  "the broker throttles"(graph) {
    const throttle = { throttlingRateLimit: 2_000, throttlingBurstLimit: 4_000 };
    expect(one(graph, types.stage, "BrokerStage").inputs.defaultRouteSettings).toMatchObject(throttle);
  },
  "the broker's access log cannot hold a ticket": (graph) => expectLoggable(one(graph, types.stage, "BrokerStage")),
  "the API's access log cannot hold a ticket": (graph) => expectLoggable(one(graph, types.stage, "ApiStage")),
  "every log ends"(graph) {
    const groups = all(graph, types.logGroup);
    expect(groups).toHaveLength(lambdas.length + 2);
    for (const { name, inputs } of groups.filter(({ name }) => !name.endsWith("AccessLog")))
      expect(inputs.retentionInDays, name).toBe(retentionOf(graph));
  },
  "the gateways' access logs end"(graph) {
    for (const { name, inputs } of all(graph, types.logGroup).filter(({ name }) => name.endsWith("AccessLog")))
      expect(inputs.retentionInDays, name).toBe(retentionOf(graph));
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
  "the sweeper runs every minute"(graph) {
    const { scheduleExpression, state } = one(graph, types.schedule, "MinuteRule").inputs;
    expect({ scheduleExpression, state }).toEqual({ scheduleExpression: "rate(1 minute)", state: "ENABLED" });
    const { arn, input } = one(graph, types.target, "MinuteTarget").inputs;
    expect(arn).toMatch(new RegExp(`:${lambdaOf(graph, "Sweeper").inputs.name}$`));
    expect(JSON.parse(String(input))).toEqual({ group: 0, groups: 1 });
  },
  "presence checks run by themselves, and do a round in each run"(graph) {
    const { scheduleExpression, state } = one(graph, types.schedule, "FiveMinutesRule").inputs;
    expect({ scheduleExpression, state }).toEqual({ scheduleExpression: "rate(5 minutes)", state: "ENABLED" });
    expect(limits.presence.everyMs).toBe(5 * 60_000);
    expect(Number(lambdaOf(graph, "Presence").inputs.timeout) * 1_000).toBeGreaterThan(limits.presence.budgetMs);
    expect(one(graph, types.target, "FiveMinutesTarget").inputs.arn).toMatch(new RegExp(`:${lambdaOf(graph, "Presence").inputs.name}$`));
  },
  "the index of presence holds keys alone"(graph) {
    const indexes = list(one(graph, types.table).inputs.globalSecondaryIndexes) as { name: string; projectionType: string }[];
    expect(indexes.map(({ name, projectionType }) => [name, projectionType])).toEqual([
      ["gsi1", "ALL"],
      ["gsi2", "ALL"],
      ["gsi3", "KEYS_ONLY"],
    ]);
  },
  "a run of the sweeper ends before the next"(graph) {
    expect(lambdaOf(graph, "Sweeper").inputs.timeout).toBeLessThan(60);
  },
  "a run of the sweeper is not tried again"(graph) {
    for (const { inputs } of all(graph, types.retries)) expect(inputs.maximumRetryAttempts).toBe(0);
    for (const { inputs } of all(graph, types.target)) expect(inputs.retryPolicy).toMatchObject({ maximumRetryAttempts: 0 });
  },
  "a run of the sweeper that did not begin within its minute is dropped"(graph) {
    expect(all(graph, types.retries)).toHaveLength(2);
    for (const { inputs } of all(graph, types.retries)) expect(inputs.maximumEventAgeInSeconds).toBe(60);
    for (const { inputs } of all(graph, types.target)) expect(inputs.retryPolicy).toMatchObject({ maximumEventAgeInSeconds: 60 });
  },
  "no Lambda runs on when its gateway has given up"(graph) {
    for (const name of ["ApiHandler", "Authorizer", "BrokerHandler"])
      expect(Number(lambdaOf(graph, name).inputs.timeout) * 1_000, name).toBeLessThan(limits.gateway.integrationMs);
  },
} satisfies Record<string, (graph: Graph) => void>;

/** The part of an ElectroDB entity that is read here: ElectroDB does not type its model. */
type Entity = { model: { indexes: Record<string, { index: string; pk: { field: string }; sk: { field: string } }> } };
