import { lambdas, logGroupOf } from "./lambda.ts";

/** Where what our own lines say is counted. */
export const namespace = `${$app.name}/${$app.stage}`;

/** Counted over the lines of every Lambda that could not do what it was asked to: a defect, or the store was out of reach. */
export const gaveUp = "GaveUp";

/** Due sessions that a run of the sweeper saw and did not reach in time. */
export const backlog = "SweepBacklog";

for (const [name, { logGroup }] of lambdas)
  new aws.cloudwatch.LogMetricFilter(`${name}GaveUp`, {
    logGroupName: logGroup.name,
    pattern: '{ ($.level = "error") || ($.outcome = "internal") || ($.outcome = "unavailable") }',
    metricTransformation: { namespace, name: gaveUp, value: "1" },
  });

new aws.cloudwatch.LogMetricFilter("SweeperBacklog", {
  logGroupName: logGroupOf("Sweeper").name,
  pattern: "{ $.backlog > 0 }",
  metricTransformation: { namespace, name: backlog, value: "$.backlog" },
});
