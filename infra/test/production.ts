import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { filtered, metrics } from "../../packages/aws/src/metric.ts";
import { all, one, types } from "./reading.ts";
import { project } from "./stand-in/deploy.ts";
import type { Graph } from "./stand-in/graph.ts";

/** A graph's metric: a namespace and a name, or an expression. */
type Widgets = { widgets: { properties: { metrics: (string | { expression: string })[][] } }[] };

/** What must hold in production. */
export const productionChecks = {
  "production keeps its data"(graph) {
    const [table, users] = [one(graph, types.table), one(graph, types.userPool)];
    expect([table.inputs.deletionProtectionEnabled, table.retainOnDelete]).toEqual([true, true]);
    expect([users.inputs.deletionProtection, users.retainOnDelete]).toEqual(["ACTIVE", true]);
    expect(graph.outputs._protect).toBe(true);
  },
  "one sweeper at a time"(graph) {
    expect(one(graph, types.fn, "SweeperFunction").inputs.reservedConcurrentExecutions).toBe(1);
  },
  "every alarm reaches the topic, and so does its end"(graph) {
    const topic = one(graph, types.topic).inputs.name;
    const alarms = all(graph, types.alarm);
    expect(alarms.length).toBeGreaterThan(10);
    for (const { name, inputs } of alarms)
      for (const actions of [inputs.alarmActions, inputs.okActions]) expect(actions, name).toEqual([expect.stringMatching(`:${topic}$`)]);
  },
  "a sweeper that does not run is noticed"(graph) {
    expect(one(graph, types.alarm, "SweeperSilentAlarm").inputs).toMatchObject({
      metricName: "Invocations",
      comparisonOperator: "LessThanThreshold",
      treatMissingData: "breaching",
    });
  },
  "what every Lambda's log says of failures is counted"(graph) {
    const counted = all(graph, types.filter).filter(({ inputs }) => JSON.stringify(inputs.metricTransformation).includes('"GaveUp"'));
    expect(counted.map(({ inputs }) => inputs.logGroupName).sort()).toEqual(
      all(graph, types.fn).map(({ name }) => `/aws/lambda/tether/production/${name.replace(/Function$/, "")}`),
    );
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
