import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { all, one, types } from "./reading.ts";
import { project } from "./stand-in/deploy.ts";
import type { Graph } from "./stand-in/graph.ts";

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
