import { address } from "./address.ts";
import { broker } from "./broker.ts";
import { groups } from "./capacity.ts";
import { cells } from "./cell.ts";
import { lambda } from "./lambda.ts";
import { metrics } from "./namespace.ts";
import { isProduction } from "./stage.ts";
import { table } from "./table.ts";

type Transform = NonNullable<ConstructorParameters<typeof sst.aws.Cron>[1]["transform"]>;

/** A rule of EventBridge is free, unlike its Scheduler. A run that could not begin within its minute is the next one's work. */
const transform: Transform = {
  target: (args) => {
    args.retryPolicy = { maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 };
  },
};

/** Where the sweeper asks, as robots do, whether tickets are given: while they are not, no grace runs out. */
const publicApi = new sst.Linkable("PublicApi", { properties: { origin: address.api } });

/**
 * Every minute, one at a time for each part of its index: a run ends before the next is due, nothing is run again, and in production no
 * further instance can start. A personal stage may stand in an account too small to set an instance aside; there the rest suffices,
 * since every write of the sweeper is conditional.
 */
export const sweeperFn = lambda("Sweeper", {
  handler: "packages/broker/src/lambda/sweeper.handler",
  description: "Acts on sessions that are due.",
  link: [table, broker, publicApi, cells, metrics],
  memory: "512 MB",
  timeout: "55 seconds",
  retries: 0,
  ...(isProduction && { concurrency: { reserved: groups } }),
});

// Each part has a schedule of its own, so that one that is late holds up no other.
for (let group = 0; group < groups; group++)
  new sst.aws.Cron(group === 0 ? "Minute" : `Minute${group}`, {
    schedule: "rate(1 minute)",
    function: sweeperFn,
    event: { group, groups },
    transform,
  });

/** Deadlines never wait behind these, which are a hundred times as many. */
const presenceFn = lambda("Presence", {
  handler: "packages/broker/src/lambda/sweeper.presence",
  description: "Asks the gateway which connections live.",
  link: [table, broker, publicApi, cells, metrics],
  memory: "512 MB",
  timeout: "280 seconds",
  retries: 0,
});

new sst.aws.Cron("FiveMinutes", { schedule: "rate(5 minutes)", function: presenceFn, transform });
