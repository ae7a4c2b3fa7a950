import { broker } from "./broker.ts";
import { lambda } from "./lambda.ts";
import { metrics } from "./namespace.ts";
import { isProduction } from "./stage.ts";
import { table } from "./table.ts";

/**
 * Every minute, one at a time: a run ends before the next is due, nothing is run again, and in production no second
 * instance can start. A personal stage may stand in an account too small to set an instance aside; there the rest suffices,
 * since every write of the sweeper is conditional.
 */
export const sweeperFn = lambda("Sweeper", {
  handler: "packages/broker/src/lambda/sweeper.handler",
  description: "Acts on sessions that are due.",
  link: [table, broker, metrics],
  memory: "1024 MB",
  timeout: "55 seconds",
  retries: 0,
  ...(isProduction && { concurrency: { reserved: 1 } }),
});

// A rule of EventBridge is free, unlike its Scheduler. A run that could not begin within its minute is the next one's work.
new sst.aws.Cron("Minute", {
  schedule: "rate(1 minute)",
  function: sweeperFn.arn,
  transform: {
    target: (args) => {
      args.retryPolicy = { maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 };
    },
  },
});
