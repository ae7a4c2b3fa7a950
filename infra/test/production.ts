import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { filtered, metrics } from "../../packages/aws/src/metric.ts";
import { limits } from "../../packages/protocol/src/limits.ts";
import { all, list, one, types } from "./reading.ts";
import { project } from "./stand-in/deploy.ts";
import type { Graph } from "./stand-in/graph.ts";

/** The settings of a deployment to production in tests. */
export const production = {
  stage: "production",
  env: {
    TETHER_ALERT_EMAIL: "ops@example.com",
    TETHER_DOMAIN: "tether.example",
    TETHER_WARM_WRITES: "8000",
    TETHER_DASHBOARD: "yes",
    TETHER_EDGE: "yes",
  },
};

/** A graph's metric: a namespace and a name, or an expression. */
type Widgets = { widgets: { properties: { metrics: (string | { expression: string })[][] } }[] };

/** The rules that must hold in production. */
export const productionChecks = {
  "production's table cannot be deleted"(graph) {
    expect(one(graph, types.table).inputs.deletionProtectionEnabled).toBe(true);
  },
  "production's table outlives the deployment"(graph) {
    expect(one(graph, types.table).retainOnDelete).toBe(true);
  },
  "production's users cannot be deleted"(graph) {
    expect(one(graph, types.userPool).inputs.deletionProtection).toBe("ACTIVE");
  },
  "production's users outlive the deployment"(graph) {
    expect(one(graph, types.userPool).retainOnDelete).toBe(true);
  },
  "production is not removed by mistake"(graph) {
    expect(graph.outputs._protect).toBe(true);
  },
  "production takes no page of a developer's machine"(graph) {
    expect(one(graph, types.client).inputs.callbackUrls).toEqual([expect.stringMatching(/^https:/), limits.signIn.redirectUri]);
  },
  "production's API answers at its domain alone"(graph) {
    expect(String(one(graph, types.gateway, "ApiApi").inputs.disableExecuteApiEndpoint)).toBe("true");
  },
  "one sweeper at a time"(graph) {
    expect(one(graph, types.fn, "SweeperFunction").inputs.reservedConcurrentExecutions).toBe(1);
  },
  "every alarm reaches the topic"(graph) {
    const topic = one(graph, types.topic).inputs.name;
    const alarms = all(graph, types.alarm);
    expect(alarms.length).toBeGreaterThan(10);
    for (const { name, inputs } of alarms) expect(inputs.alarmActions, name).toEqual([expect.stringMatching(`:${topic}$`)]);
  },
  "so does the end of every alarm"(graph) {
    for (const { name, inputs } of all(graph, types.alarm)) expect(inputs.okActions, name).toEqual(inputs.alarmActions);
  },
  "who is to be told of alarms is told"(graph) {
    const { protocol, endpoint, topic } = one(graph, types.subscription).inputs;
    expect([protocol, endpoint]).toEqual(["email", "ops@example.com"]);
    expect(topic).toMatch(new RegExp(`:${one(graph, types.topic).inputs.name}$`));
  },
  "a sweeper that does not run is noticed"(graph) {
    expect(one(graph, types.alarm, "SweeperSilentAlarm").inputs).toMatchObject({
      metricName: "Invocations",
      comparisonOperator: "LessThanThreshold",
      treatMissingData: "breaching",
    });
  },
  "throttles of the indexes are seen as well as the table's, and errors of every operation"(graph) {
    const table = one(graph, types.table).inputs.name;
    for (const [alarm, metric] of [
      ["ReadsThrottled", "ReadThrottleEvents"],
      ["WritesThrottled", "WriteThrottleEvents"],
      ["StoreFailing", "SystemErrors"],
    ])
      expect(one(graph, types.alarm, `${alarm}Alarm`).inputs.metricQueries).toEqual([
        expect.objectContaining({ expression: `SELECT SUM(${metric}) FROM "AWS/DynamoDB" WHERE TableName = '${table}'`, returnData: true }),
      ]);
  },
  "every Lambda's errors raise an alarm"(graph) {
    const errors = all(graph, types.alarm).filter(({ inputs }) => inputs.metricName === "Errors");
    const watched = errors.map(({ inputs }) => (inputs.dimensions as { FunctionName: string }).FunctionName);
    expect(watched.sort()).toEqual(
      all(graph, types.fn)
        .map(({ inputs }) => inputs.name)
        .sort(),
    );
  },
  "conflicts, dropped runs and used-up concurrency raise an alarm"(graph) {
    const named = all(graph, types.alarm).map(({ inputs }) => inputs.metricName);
    expect(named).toEqual(expect.arrayContaining(["TransactionConflict", "AsyncEventsDropped", "Throttles"]));
  },
  "a flood at the API or the broker raises an alarm"(graph) {
    const queries = list(one(graph, types.alarm, "FloodedAlarm").inputs.metricQueries) as { metric?: { metricName: string } }[];
    expect(queries.flatMap(({ metric }) => metric?.metricName ?? []).sort()).toEqual(["4xx", "ClientError"]);
  },
  "alarms cost two dollars a month at most"(graph) {
    const metrics = all(graph, types.alarm).map(({ inputs }) =>
      Math.max(1, list(inputs.metricQueries).filter((one) => "metric" in Object(one)).length),
    );
    expect(metrics.reduce((sum, each) => sum + each, 0) * 0.1).toBeLessThanOrEqual(2);
  },
  "the table and the sweeper's index take what they are set to from the first second"(graph) {
    const { warmThroughput, globalSecondaryIndexes } = one(graph, types.table).inputs;
    const warm = { writeUnitsPerSecond: 8_000, readUnitsPerSecond: 12_000 };
    const [due] = list(globalSecondaryIndexes).filter((index) => (index as { name: string }).name === "gsi2");
    expect([warmThroughput, due]).toEqual([warm, expect.objectContaining({ warmThroughput: warm })]);
  },
  "what every Lambda's log says of failures is counted"(graph) {
    const counted = all(graph, types.filter).filter(({ inputs }) => JSON.stringify(inputs.metricTransformation).includes('"GaveUp"'));
    expect(counted.map(({ inputs }) => inputs.logGroupName).sort()).toEqual(
      all(graph, types.fn).map(({ name }) => `/aws/lambda/tether/production/${name.replace(/Function$/, "")}`),
    );
  },
  "new connections are watched at four fifths of the quota"(graph) {
    const { threshold, period } = one(graph, types.alarm, "ConnectsNearQuotaAlarm").inputs;
    expect(Number(threshold) / Number(period)).toBe(0.8 * limits.gateway.connectsPerSecond);
  },
  "signals are counted by outcome and misused keys by how, over the lines that say so"(graph) {
    const counted = all(graph, types.filter).flatMap(({ inputs }) => {
      const { name, dimensions } = inputs.metricTransformation as { name: string; dimensions?: Record<string, string> };
      return dimensions ? [[name, String(inputs.logGroupName).split("/").at(-1), inputs.pattern, dimensions]] : [];
    });
    expect(counted.sort()).toEqual([
      ["Relayed", "BrokerHandler", '{ $.type = "signal" }', { Outcome: "$.outcome" }],
      ["Security", "ApiHandler", '{ $.security = "credential.*" }', { Event: "$.security" }],
    ]);
  },
  "the dashboard shows every metric of ours, and it and the alarms name no other"(graph) {
    const ours = [...Object.keys(metrics), ...Object.keys(filtered)];
    const { widgets } = JSON.parse(String(one(graph, types.dashboard).inputs.dashboardBody)) as Widgets;
    const shown = widgets.flatMap(({ properties }) =>
      properties.metrics.flatMap(([first, second]) => {
        if (typeof first === "object" && first.expression.startsWith("SELECT")) return [];
        if (typeof first === "object")
          return /^SEARCH\('\{tether\/production,\w+\} MetricName="(\w+)"'/.exec(first.expression)?.[1] ?? "none";
        return first === "tether/production" ? String(second) : [];
      }),
    );
    const alarmed = all(graph, types.alarm).flatMap(({ inputs }) =>
      inputs.namespace === "tether/production" ? String(inputs.metricName) : [],
    );
    expect([...new Set(shown)].sort()).toEqual(ours.sort());
    expect(ours).toEqual(expect.arrayContaining(alarmed));
    expect(alarmed).toEqual(expect.arrayContaining(["GaveUp", "RevocationLatency", "SweepBacklog"]));
  },
  "docs/operating.md says what to do about every alarm, and the dashboard shows it"(graph) {
    const sections = new Set(
      [...readFileSync(join(project, "docs/operating.md"), "utf8").matchAll(/^### (\w+)$/gm)].map(([, name]) => name),
    );
    const names = all(graph, types.alarm).map(({ name }) => name.replace(/Alarm$/, ""));
    expect(names.sort()).toEqual([...sections].sort());
    const { widgets } = JSON.parse(String(one(graph, types.dashboard).inputs.dashboardBody));
    expect(widgets.map(({ properties }: { properties: { title: string } }) => properties.title)).toEqual(expect.arrayContaining(names));
  },
} satisfies Record<string, (graph: Graph) => void>;
