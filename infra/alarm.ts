import type { filtered, metrics } from "../packages/aws/src/metric.ts";
import { api } from "./api.ts";
import { broker } from "./broker.ts";
import { lambdas } from "./lambda.ts";
import { namespace } from "./namespace.ts";
import { setting } from "./setting.ts";
import { sweeperFn } from "./sweeper.ts";
import { table } from "./table.ts";

/** A metric of our own, by its name: one that no line is counted for does not compile. */
const own = (metric: keyof typeof metrics | keyof typeof filtered) => ({ namespace, metric });

/** A row of what is watched. `docs/operating.md` has a section of the same name for each, on what to do. Each metric costs $0.10 a month. */
type Watched = {
  readonly says: string;
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions?: Record<string, $util.Input<string>>;
  /** Summed over whatever metrics of the name the table and its indexes have; those that never happened do not exist, and cost nothing. */
  readonly acrossTable?: true;
  /** A further metric that is added to the first. */
  readonly and?: { readonly metric: string; readonly dimensions: Record<string, $util.Input<string>> };
  readonly statistic: "Sum" | "Maximum" | "SampleCount";
  /** Raised at this many in a minute, in so many minutes one after the other. */
  readonly atLeast?: number;
  /** Or at fewer than this many: then nothing at all counts as none. */
  readonly fewerThan?: number;
  readonly minutes: number;
};

const failingRows = Object.fromEntries(
  [...lambdas].map(([name, { fn }]): [string, Watched] => [
    `${name}Failing`,
    {
      says: `${name} ends with an error.`,
      namespace: "AWS/Lambda",
      metric: "Errors",
      dimensions: { FunctionName: fn.name },
      statistic: "Sum",
      atLeast: 1,
      // The presence checks run every five minutes, and never fail in three minutes one after the other.
      minutes: name === "Presence" ? 1 : 3,
    },
  ]),
);

const ofTable = { TableName: table.name };
const ofApi = { ApiId: api.nodes.api.id };
const ofBroker = { ApiId: broker.nodes.api.id, Stage: "$default" };
const ofSweeper = { FunctionName: sweeperFn.name };

const storeRow = (metric: string, says: string, minutes: number): Watched => ({
  says,
  namespace: "AWS/DynamoDB",
  metric,
  dimensions: ofTable,
  acrossTable: true,
  statistic: "Sum",
  atLeast: 1,
  minutes,
});

export const watched: Readonly<Record<string, Watched>> = {
  GaveUp: { says: "Requests or frames fail.", ...own("GaveUp"), statistic: "Sum", atLeast: 5, minutes: 2 },
  ApiFailing: {
    says: "The API answers 5xx.",
    namespace: "AWS/ApiGateway",
    metric: "5xx",
    dimensions: ofApi,
    statistic: "Sum",
    atLeast: 5,
    minutes: 2,
  },
  BrokerFailing: {
    says: "The gateway's calls of the broker or its authorizer fail.",
    namespace: "AWS/ApiGateway",
    metric: "ExecutionError",
    dimensions: ofBroker,
    statistic: "Sum",
    atLeast: 5,
    minutes: 2,
  },
  ConnectsNearQuota: {
    says: "New connections are near the account's quota.",
    namespace: "AWS/ApiGateway",
    metric: "ConnectCount",
    dimensions: ofBroker,
    statistic: "Sum",
    atLeast: 0.8 * 60 * setting.connectsPerSecond,
    minutes: 1,
  },
  SweeperSilent: {
    says: "The sweeper does not run: nobody is warned, nothing ends.",
    namespace: "AWS/Lambda",
    metric: "Invocations",
    dimensions: ofSweeper,
    statistic: "Sum",
    fewerThan: 1,
    minutes: 5,
  },
  SweeperDropped: {
    says: "Runs of the sweeper are dropped: none could begin within its minute.",
    namespace: "AWS/Lambda",
    metric: "AsyncEventsDropped",
    dimensions: ofSweeper,
    statistic: "Sum",
    atLeast: 1,
    minutes: 5,
  },
  SweeperBehind: {
    says: "The sweeper does not get to all that is due.",
    ...own("SweepBacklog"),
    statistic: "Sum",
    atLeast: 1,
    minutes: 5,
  },
  RevocationSlow: {
    says: "Somebody whose access was taken kept it for more than two seconds.",
    ...own("RevocationLatency"),
    statistic: "Maximum",
    atLeast: 2_000,
    minutes: 1,
  },
  ReadsThrottled: storeRow("ReadThrottleEvents", "The table or one of its indexes refuses reads.", 3),
  WritesThrottled: storeRow("WriteThrottleEvents", "The table or one of its indexes refuses writes.", 3),
  StoreFailing: storeRow("SystemErrors", "DynamoDB itself fails.", 3),
  StoreContended: {
    says: "Many writes meet each other at the same items.",
    namespace: "AWS/DynamoDB",
    metric: "TransactionConflict",
    dimensions: ofTable,
    statistic: "Sum",
    atLeast: 600,
    minutes: 5,
  },
  LambdasThrottled: {
    says: "A Lambda was refused instances: the account's concurrency is used up.",
    namespace: "AWS/Lambda",
    metric: "Throttles",
    // Without a dimension, since the concurrency is the account's.
    statistic: "Sum",
    atLeast: 1,
    minutes: 2,
  },
  Flooded: {
    says: "Requests or handshakes are refused by the thousand: somebody floods, or many ends are misconfigured.",
    namespace: "AWS/ApiGateway",
    metric: "4xx",
    dimensions: ofApi,
    and: { metric: "ClientError", dimensions: ofBroker },
    statistic: "Sum",
    atLeast: 6_000,
    minutes: 3,
  },
  ...failingRows,
};

const alerts = new sst.aws.SnsTopic("Alerts");
if (setting.alertEmail) new aws.sns.TopicSubscription("AlertEmail", { topic: alerts.arn, protocol: "email", endpoint: setting.alertEmail });

/** The metric, or what is made of several. */
function measured(row: Watched): Partial<aws.cloudwatch.MetricAlarmArgs> {
  const { namespace, metric, dimensions = {}, statistic, and } = row;
  if (row.acrossTable) return { metricQueries: [{ id: "all", expression: acrossTable(metric), period: 60, returnData: true }] };
  if (!and) return { namespace, metricName: metric, ...(row.dimensions && { dimensions }), statistic, period: 60 };
  const summed = [{ metric, dimensions }, and].map((one, index) => ({
    id: `m${index}`,
    metric: { namespace, metricName: one.metric, dimensions: one.dimensions, stat: statistic, period: 60 },
  }));
  return { metricQueries: [{ id: "all", expression: "FILL(m0, 0) + FILL(m1, 0)", label: metric, returnData: true }, ...summed] };
}

/** Metrics Insights: a dimension of the table's name alone would leave the indexes out, and the operations. */
export const acrossTable = (metric: string) => $interpolate`SELECT SUM(${metric}) FROM "AWS/DynamoDB" WHERE TableName = '${table.name}'`;

for (const [name, row] of Object.entries(watched))
  new aws.cloudwatch.MetricAlarm(`${name}Alarm`, {
    alarmDescription: `${row.says} See ${name} in docs/operating.md.`,
    ...measured(row),
    evaluationPeriods: row.minutes,
    ...(row.fewerThan === undefined
      ? { comparisonOperator: "GreaterThanOrEqualToThreshold", threshold: row.atLeast ?? 1, treatMissingData: "notBreaching" }
      : { comparisonOperator: "LessThanThreshold", threshold: row.fewerThan, treatMissingData: "breaching" }),
    alarmActions: [alerts.arn],
    okActions: [alerts.arn],
  });
