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

/** One row of what is watched. `docs/operating.md` has a section of the same name for each, on what to do. */
type Watched = {
  readonly says: string;
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions?: Record<string, $util.Input<string>>;
  readonly statistic: "Sum" | "Maximum" | "SampleCount";
  /** Raised at this many in a minute, in so many minutes one after the other. */
  readonly atLeast?: number;
  /** Or at fewer than this many: then nothing at all counts as none. */
  readonly fewerThan?: number;
  readonly minutes: number;
};

const lambdaRows = Object.fromEntries(
  [...lambdas].map(([name, { fn }]): [string, Watched] => [
    `${name}Throttled`,
    {
      says: `${name} was refused instances: the account's concurrency is used up.`,
      namespace: "AWS/Lambda",
      metric: "Throttles",
      dimensions: { FunctionName: fn.name },
      statistic: "Sum",
      atLeast: 1,
      minutes: 2,
    },
  ]),
);

const ofTable = { TableName: table.name };
const ofBroker = { ApiId: broker.nodes.api.id, Stage: "$default" };
const ofSweeper = { FunctionName: sweeperFn.name };

export const watched: Readonly<Record<string, Watched>> = {
  GaveUp: { says: "Requests or frames fail.", ...own("GaveUp"), statistic: "Sum", atLeast: 5, minutes: 2 },
  ApiFailing: {
    says: "The API answers 5xx.",
    namespace: "AWS/ApiGateway",
    metric: "5xx",
    dimensions: { ApiId: api.nodes.api.id },
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
  SweeperFailing: {
    says: "The sweeper ends with an error.",
    namespace: "AWS/Lambda",
    metric: "Errors",
    dimensions: ofSweeper,
    statistic: "Sum",
    atLeast: 1,
    minutes: 3,
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
  ReadsThrottled: {
    says: "The table refuses reads.",
    namespace: "AWS/DynamoDB",
    metric: "ReadThrottleEvents",
    dimensions: ofTable,
    statistic: "Sum",
    atLeast: 1,
    minutes: 3,
  },
  WritesThrottled: {
    says: "The table refuses writes.",
    namespace: "AWS/DynamoDB",
    metric: "WriteThrottleEvents",
    dimensions: ofTable,
    statistic: "Sum",
    atLeast: 1,
    minutes: 3,
  },
  ...lambdaRows,
};

const alerts = new sst.aws.SnsTopic("Alerts");
if (setting.alertEmail) new aws.sns.TopicSubscription("AlertEmail", { topic: alerts.arn, protocol: "email", endpoint: setting.alertEmail });

for (const [name, row] of Object.entries(watched))
  new aws.cloudwatch.MetricAlarm(`${name}Alarm`, {
    alarmDescription: `${row.says} See ${name} in docs/operating.md.`,
    namespace: row.namespace,
    metricName: row.metric,
    ...(row.dimensions && { dimensions: row.dimensions }),
    statistic: row.statistic,
    period: 60,
    evaluationPeriods: row.minutes,
    ...(row.fewerThan === undefined
      ? { comparisonOperator: "GreaterThanOrEqualToThreshold", threshold: row.atLeast ?? 1, treatMissingData: "notBreaching" }
      : { comparisonOperator: "LessThanThreshold", threshold: row.fewerThan, treatMissingData: "breaching" }),
    alarmActions: [alerts.arn],
    okActions: [alerts.arn],
  });
